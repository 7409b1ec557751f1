"""The names of AAF: classes by their id, properties by the number that each carries in a file.

The AMWA's AAF Object Specification. Numbers below 0x8000 mean the same in every file; those above are given out by the
file itself, for properties that an application added, and are recognised by their AUID: Media Composer, Resolve,
Premiere and Pro Tools spell the same property differently, so no spelling is ever compared.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

_CLASS_TAIL = "060e-2b3402060101"
_TYPE_TAIL = "060e-2b3401040101"

BASELINE = """
Root b3b398a5-1c90-11d4-8053-080036210804 -
    0001 MetaDictionary:object  0002 Header:object
InterchangeObject 01010100 -
    0101 ObjClass:definition  0102 Generation:auid
Component 01010200 InterchangeObject
    0201 DataDefinition:definition  0202 Length:int64  0203 KLVData:objects  0204 UserComments:objects
    0205 Attributes:objects
Segment 01010300 Component
EdgeCode 01010400 Segment
    0401 Start:int64  0402 FilmKind:uint8  0403 CodeFormat:uint8  0404 Header:bytes
EssenceGroup 01010500 Segment
    0501 Choices:objects  0502 StillFrame:object
Event 01010600 Segment
    0601 Position:int64  0602 Comment:text
GPITrigger 01010700 Event
    0801 ActiveState:bool
CommentMarker 01010800 Event
    0901 Annotation:object
Filler 01010900 Segment
OperationGroup 01010a00 Segment
    0b01 Operation:definition  0b02 InputSegments:objects  0b03 Parameters:objects
    0b04 BypassOverride:uint32  0b05 Rendering:object
NestedScope 01010b00 Segment
    0c01 Slots:objects
Pulldown 01010c00 Segment
    0d01 InputSegment:object  0d02 PulldownKind:uint8  0d03 PulldownDirection:uint8  0d04 PhaseFrame:int32
ScopeReference 01010d00 Segment
    0e01 RelativeScope:uint32  0e02 RelativeSlot:uint32
Selector 01010e00 Segment
    0f01 Selected:object  0f02 Alternates:objects
Sequence 01010f00 Segment
    1001 Components:objects
SourceReference 01011000 Segment
    1101 SourceID:mobid  1102 SourceMobSlotID:uint32  1103 ChannelIDs:uint32[]
    1104 MonoSourceSlotIDs:uint32[]
SourceClip 01011100 SourceReference
    1201 StartTime:int64  1202 FadeInLength:int64  1203 FadeInType:uint8  1204 FadeOutLength:int64
    1205 FadeOutType:uint8
TextClip 01011200 SourceReference
HTMLClip 01011300 TextClip
    1401 BeginAnchor:text  1402 EndAnchor:text
Timecode 01011400 Segment
    1501 Start:int64  1502 FPS:uint16  1503 Drop:bool
TimecodeStream 01011500 Segment
    1601 SampleRate:rational  1602 Source:stream  1603 SourceType:uint8
TimecodeStream12M 01011600 TimecodeStream
    1701 IncludeSync:bool
Transition 01011700 Component
    1801 OperationGroup:object  1802 CutPoint:int64
ContentStorage 01011800 InterchangeObject
    1901 Mobs:objects  1902 EssenceData:objects
ControlPoint 01011900 InterchangeObject
    1a02 Value:indirect  1a03 Time:rational  1a04 EditHint:uint8
DefinitionObject 01011a00 InterchangeObject
    1b01 Identification:auid  1b02 Name:text  1b03 Description:text
DataDefinition 01011b00 DefinitionObject
OperationDefinition 01011c00 DefinitionObject
    1e01 DataDefinition:definition  1e02 IsTimeWarp:bool  1e03 DegradeTo:definitions
    1e06 OperationCategory:auid  1e07 NumberInputs:int32  1e08 Bypass:uint32
    1e09 ParametersDefined:definitions
ParameterDefinition 01011d00 DefinitionObject
    1f01 Type:definition  1f03 DisplayUnits:text
PluginDefinition 01011e00 DefinitionObject
    2203 PluginCategory:auid  2204 VersionNumber:version  2205 VersionString:text  2206 Manufacturer:text
    2207 ManufacturerInfo:object  2208 ManufacturerID:auid  2209 Platform:auid
    220a MinPlatformVersion:version  220b MaxPlatformVersion:version  220c Engine:auid
    220d MinEngineVersion:version  220e MaxEngineVersion:version  220f PluginAPI:auid
    2210 MinPluginAPI:version  2211 MaxPluginAPI:version  2212 SoftwareOnly:bool  2213 Accelerator:bool
    2214 Locators:objects  2215 Authentication:bool  2216 DefinitionObject:auid
CodecDefinition 01011f00 DefinitionObject
    2301 FileDescriptorClass:definition  2302 DataDefinitions:definitions
ContainerDefinition 01012000 DefinitionObject
    2401 EssenceIsIdentified:bool
InterpolationDefinition 01012100 DefinitionObject
Dictionary 01012200 InterchangeObject
    2603 OperationDefinitions:objects  2604 ParameterDefinitions:objects  2605 DataDefinitions:objects
    2606 PluginDefinitions:objects  2607 CodecDefinitions:objects  2608 ContainerDefinitions:objects
    2609 InterpolationDefinitions:objects  260a KLVDataDefinitions:objects
    260b TaggedValueDefinitions:objects
EssenceData 01012300 InterchangeObject
    2701 MobID:mobid  2702 Data:stream  2b01 SampleIndex:stream
EssenceDescriptor 01012400 InterchangeObject
    2f01 Locator:objects
FileDescriptor 01012500 EssenceDescriptor
    3001 SampleRate:rational  3002 Length:int64  3004 ContainerFormat:definition
    3005 CodecDefinition:definition  3006 LinkedSlotID:uint32
AIFCDescriptor 01012600 FileDescriptor
    3101 Summary:bytes
DigitalImageDescriptor 01012700 FileDescriptor
    3201 Compression:auid  3202 StoredHeight:uint32  3203 StoredWidth:uint32  3204 SampledHeight:uint32
    3205 SampledWidth:uint32  3206 SampledXOffset:int32  3207 SampledYOffset:int32
    3208 DisplayHeight:uint32  3209 DisplayWidth:uint32  320a DisplayXOffset:int32
    320b DisplayYOffset:int32  320c FrameLayout:uint8  320d VideoLineMap:int32[]
    320e ImageAspectRatio:rational  320f AlphaTransparency:uint8  3210 TransferCharacteristic:auid
    3211 ImageAlignmentFactor:uint32  3212 FieldDominance:uint8  3213 FieldStartOffset:uint32
    3214 FieldEndOffset:uint32  3215 SignalStandard:uint8  3216 StoredF2Offset:int32
    3217 DisplayF2Offset:int32  3218 ActiveFormatDescriptor:uint8  3219 ColorPrimaries:auid
    321a CodingEquations:auid
CDCIDescriptor 01012800 DigitalImageDescriptor
    3301 ComponentWidth:uint32  3302 HorizontalSubsampling:uint32  3303 ColorSiting:uint8
    3304 BlackReferenceLevel:uint32  3305 WhiteReferenceLevel:uint32  3306 ColorRange:uint32
    3307 PaddingBits:int16  3308 VerticalSubsampling:uint32  3309 AlphaSamplingWidth:uint32
    330b ReversedByteOrder:bool
RGBADescriptor 01012900 DigitalImageDescriptor
    3401 PixelLayout:bytes  3403 Palette:bytes  3404 PaletteLayout:bytes  3405 ScanningDirection:uint8
    3406 ComponentMaxRef:uint32  3407 ComponentMinRef:uint32  3408 AlphaMaxRef:uint32
    3409 AlphaMinRef:uint32
HTMLDescriptor 01012a00 FileDescriptor
TIFFDescriptor 01012b00 FileDescriptor
    3701 IsUniform:bool  3702 IsContiguous:bool  3703 LeadingLines:int32  3704 TrailingLines:int32
    3705 JPEGTableID:int32  3706 Summary:bytes
WAVEDescriptor 01012c00 FileDescriptor
    3801 Summary:bytes
FilmDescriptor 01012d00 EssenceDescriptor
    3901 FilmFormat:uint8  3902 FrameRate:uint32  3903 PerforationsPerFrame:uint8
    3904 FilmAspectRatio:rational  3905 Manufacturer:text  3906 Model:text  3907 FilmGaugeFormat:text
    3908 FilmBatchNumber:text
TapeDescriptor 01012e00 EssenceDescriptor
    3a01 FormFactor:uint8  3a02 VideoSignal:uint8  3a03 TapeFormat:uint8  3a04 Length:uint32
    3a05 ManufacturerID:text  3a06 Model:text  3a07 TapeBatchNumber:text  3a08 TapeStock:text
Header 01012f00 InterchangeObject
    3b01 ByteOrder:int16  3b02 LastModified:timestamp  3b03 Content:object  3b04 Dictionary:object
    3b05 Version:version  3b06 IdentificationList:objects  3b07 ObjectModelVersion:uint32
    3b08 PrimaryMob:definition  3b09 OperationalPattern:auid  3b0a EssenceContainers:auid[]
    3b0b DescriptiveSchemes:auid[]
Identification 01013000 InterchangeObject
    3c01 CompanyName:text  3c02 ProductName:text  3c03 ProductVersion:product
    3c04 ProductVersionString:text  3c05 ProductID:auid  3c06 Date:timestamp  3c07 ToolkitVersion:product
    3c08 Platform:text  3c09 GenerationAUID:auid
Locator 01013100 InterchangeObject
NetworkLocator 01013200 Locator
    4001 URLString:text
TextLocator 01013300 Locator
    4101 Name:text
Mob 01013400 InterchangeObject
    4401 MobID:mobid  4402 Name:text  4403 Slots:objects  4404 LastModified:timestamp
    4405 CreationTime:timestamp  4406 UserComments:objects  4407 KLVData:objects  4408 UsageCode:auid
    4409 Attributes:objects
CompositionMob 01013500 Mob
    4501 DefaultFadeLength:int64  4502 DefFadeType:uint8  4503 DefFadeEditUnit:rational
    4504 Rendering:mobid
MasterMob 01013600 Mob
SourceMob 01013700 Mob
    4701 EssenceDescription:object
MobSlot 01013800 InterchangeObject
    4801 SlotID:uint32  4802 SlotName:text  4803 Segment:object  4804 PhysicalTrackNumber:uint32
EventMobSlot 01013900 MobSlot
    4901 EditRate:rational  4902 EventSlotOrigin:int64
StaticMobSlot 01013a00 MobSlot
TimelineMobSlot 01013b00 MobSlot
    4b01 EditRate:rational  4b02 Origin:int64  4b03 MarkIn:int64  4b04 MarkOut:int64  4b05 UserPos:int64
Parameter 01013c00 InterchangeObject
    4c01 Definition:auid
ConstantValue 01013d00 Parameter
    4d01 Value:indirect
VaryingValue 01013e00 Parameter
    4e01 Interpolation:definition  4e02 PointList:objects
TaggedValue 01013f00 InterchangeObject
    5001 Name:text  5003 Value:indirect
KLVData 01014000 InterchangeObject
    5101 Value:indirect
DescriptiveMarker 01014100 CommentMarker
    6101 Description:object  6102 DescribedSlots:uint32[]
SoundDescriptor 01014200 FileDescriptor
    3d01 QuantizationBits:uint32  3d02 Locked:bool  3d03 AudioSamplingRate:rational  3d04 AudioRefLevel:int8
    3d05 ElectroSpatial:uint8  3d06 Compression:auid  3d07 Channels:uint32  3d0c DialNorm:int8
DataEssenceDescriptor 01014300 FileDescriptor
    3e01 DataEssenceCoding:auid
MultipleDescriptor 01014400 FileDescriptor
    3f01 FileDescriptors:objects
DescriptiveClip 01014500 SourceClip
    6103 DescribedSlotIDs:uint32[]
AES3PCMDescriptor 01014700 PCMDescriptor
    3d08 AuxBitsMode:uint8  3d0d Emphasis:uint8  3d0f BlockStartOffset:uint16
    3d10 ChannelStatusMode:uint8[]  3d11 FixedChannelStatusData:bytes  3d12 UserDataMode:uint8[]
    3d13 FixedUserData:bytes
PCMDescriptor 01014800 SoundDescriptor
    3d09 AverageBPS:uint32  3d0a BlockAlign:uint16  3d0b SequenceOffset:uint8
    3d29 PeakEnvelopeVersion:uint32  3d2a PeakEnvelopeFormat:uint32  3d2b PointsPerPeakValue:uint32
    3d2c PeakEnvelopeBlockSize:uint32  3d2d PeakChannels:uint32  3d2e PeakFrames:uint32
    3d2f PeakOfPeaksPosition:int64  3d30 PeakEnvelopeTimestamp:timestamp  3d31 PeakEnvelopeData:stream
    3d32 ChannelAssignment:auid
PhysicalDescriptor 01014900 EssenceDescriptor
ImportDescriptor 01014a00 PhysicalDescriptor
RecordingDescriptor 01014b00 PhysicalDescriptor
TaggedValueDefinition 01014c00 DefinitionObject
KLVDataDefinition 01014d00 DefinitionObject
    4d12 KLVDataType:definition
AuxiliaryDescriptor 01014e00 PhysicalDescriptor
    4e11 MimeType:text  4e12 CharSet:text
RIFFChunk 01014f00 InterchangeObject
    4f01 ChunkID:uint32  4f02 ChunkLength:uint32  4f03 ChunkData:stream
BWFImportDescriptor 01015000 ImportDescriptor
    3d15 QltyFileSecurityReport:uint32  3d16 QltyFileSecurityWave:uint32  3d21 BextCodingHistory:text
    3d22 QltyBasicData:text  3d23 QltyStartOfModulation:text  3d24 QltyQualityEvent:text
    3d25 QltyEndOfModulation:text  3d26 QltyQualityParameter:text  3d27 QltyOperatorComment:text
    3d28 QltyCueSheet:text  3d33 UnknownBWFChunks:objects
MPEGVideoDescriptor 01015100 CDCIDescriptor
ClassDefinition 02010000 MetaDefinition
    0008 ParentClass:definition  0009 Properties:objects  000a IsConcrete:bool
PropertyDefinition 02020000 MetaDefinition
    000b Type:auid  000c IsOptional:bool  000d LocalIdentification:uint16  000e IsUniqueIdentifier:bool
TypeDefinition 02030000 MetaDefinition
TypeDefinitionInteger 02040000 TypeDefinition
    000f Size:uint8  0010 IsSigned:bool
TypeDefinitionStrongObjectReference 02050000 TypeDefinition
    0011 ReferencedType:definition
TypeDefinitionWeakObjectReference 02060000 TypeDefinition
    0012 ReferencedType:definition  0013 TargetSet:auid[]
TypeDefinitionEnumeration 02070000 TypeDefinition
    0014 ElementType:definition  0015 ElementNames:text[]  0016 ElementValues:int64[]
SubDescriptor 01015900 InterchangeObject
JPEG2000SubDescriptor 01015a00 SubDescriptor
VBIDataDescriptor 01015b00 DataEssenceDescriptor
ANCDataDescriptor 01015c00 DataEssenceDescriptor
ContainerConstraintsSubDescriptor 01016700 SubDescriptor
MPEG4VisualSubDescriptor 01016800 SubDescriptor
MCALabelSubDescriptor 01016a00 SubDescriptor
AudioChannelLabelSubDescriptor 01016b00 MCALabelSubDescriptor
SoundfieldGroupLabelSubDescriptor 01016c00 MCALabelSubDescriptor
GroupOfSoundfieldGroupsLabelSubDescriptor 01016d00 MCALabelSubDescriptor
AVCSubDescriptor 01016e00 SubDescriptor
MPEGAudioDescriptor 01015e00 SoundDescriptor
TypeDefinitionFixedArray 02080000 TypeDefinition
    0017 ElementType:definition  0018 ElementCount:uint32
TypeDefinitionVariableArray 02090000 TypeDefinition
    0019 ElementType:definition
TypeDefinitionSet 020a0000 TypeDefinition
    001a ElementType:definition
TypeDefinitionString 020b0000 TypeDefinition
    001b ElementType:definition
TypeDefinitionStream 020c0000 TypeDefinition
TypeDefinitionRecord 020d0000 TypeDefinition
    001c MemberTypes:definitions  001d MemberNames:text[]
TypeDefinitionRename 020e0000 TypeDefinition
    001e RenamedType:definition
TypeDefinitionExtendibleEnumeration 02200000 TypeDefinition
    001f ElementNames:text[]  0020 ElementValues:auid[]
TypeDefinitionIndirect 02210000 TypeDefinition
TypeDefinitionOpaque 02220000 TypeDefinitionIndirect
TypeDefinitionCharacter 02230000 TypeDefinition
TypeDefinitionGenericCharacter 0e040101-0000-0000-060e-2b3402060101 TypeDefinition
MetaDefinition 02240000 -
    0005 Identification:auid  0006 Name:text  0007 Description:text
MetaDictionary 02250000 -
    0003 ClassDefinitions:objects  0004 TypeDefinitions:objects
DescriptiveObject 0d010400-0000-0000-060e-2b3402060101 InterchangeObject
DescriptiveFramework 0d010401-0000-0000-060e-2b3402060101 InterchangeObject
"""
"""Per class its name, the telling digits of its id (or all of it), and its parent; below it its properties: number, name and
kind of value. `definition` is a weak reference, `object` and `objects` are what the object owns."""

EXTENSIONS = {
    "c4c45d9a-0967-11d4-a08a-006094eb75cb": ("CommentMarkerUser", "text"),
    "c4c45d9b-0967-11d4-a08a-006094eb75cb": ("CommentMarkerDate", "text"),
    "c4c45d9c-0967-11d4-a08a-006094eb75cb": ("CommentMarkerTime", "text"),
    "c4c45d9d-0967-11d4-a08a-006094eb75cb": ("CommentMarkerIcon", "int32"),
    "c4c45d9e-0967-11d4-a08a-006094eb75cb": ("CommentMarkerStatus", "int32"),
    "e96e6d44-c383-11d3-a069-006094eb75cb": ("CommentMarkerColor", ""),
    "6d64dd66-e5c7-488f-b0e4-272c932378a6": ("CommentMarkerAnnotationList", "text"),
    "c72cc817-aac5-499b-af34-bc47fec1eaa8": ("CommentMarkerAttributeList", "objects"),
    "107f8331-1914-4234-b2c4-5a3eb755b7ca": ("TimelineMobAttributeList", "objects"),
    "60958183-47b1-11d4-a01c-0004ac969f50": ("MobAttributeList", "objects"),
    "60958184-47b1-11d4-a01c-0004ac969f50": ("ComponentAttributeList", "objects"),
    "60958185-47b1-11d4-a01c-0004ac969f50": ("TaggedValueAttributeList", "objects"),
    "c12d81ac-bd68-4fef-a37f-562d28e37158": ("TaggedValue_Stream", "stream"),
    "b6bb5f4e-7b37-11d3-a044-006094eb75cb": ("PortableObject", ""),
    "08835f4f-7b28-11d3-a044-006094eb75cb": ("PortableObjectClassID", ""),
    "2902558b-acfa-439e-a1cd-9fa1e8f891ef": ("VVal_FieldCount", "int16"),
    "8f2b8bae-b685-4939-b3a5-6373633b3e6c": ("VVal_Extrapolation", "auid"),
    "0e040101-0101-010a-060e-2b3401010101": ("ControlPointSource", "int32"),
    "3c1b48d0-c32c-4ea9-bb9d-35b898527283": ("ControlPointPointProperties", "objects"),
    "0e040101-0101-010b-060e-2b3401010101": ("IsEnabled", "bool"),
    "31de7096-ef24-42d2-a20e-370241edc70c": ("AudioTimeReference", "int64"),
    "bb3fabdd-fcc0-43a8-9759-c727771fcc4a": ("DataOffset", "int32"),
    "96c46992-4f62-11d3-a022-006094eb75cb": ("AppCode", "int32"),
    "aa24b657-fcbb-4921-951d-3a2038396722": ("SubclipBegin", "int64"),
    "1262bf7b-fce2-4dfe-a0f6-ceec047c80aa": ("SubclipFullLength", "int64"),
    "d4243bd4-0142-4595-a8f3-f2eba54244de": ("ConvertFrameRate", "bool"),
    "13980e2b-2f30-44ec-bdb0-3b730da56562": ("MediaContainer", "text"),
    "92790417-0131-4a05-898d-167691e11ca1": ("MediaContainerGUID", "auid"),
    "f36546b1-387c-4ee9-8c70-a718467ae486": ("ProjectEditRate", "rational"),
    "62fc3717-492d-42bf-a5fb-7b25f61594b9": ("ProjectName", "text"),
    "b7d51ad5-650b-4d3a-8596-99b579e177a6": ("AudioRateAdjustmentFactor", "uint16"),
}
"""Properties that applications added, by AUID: the one name that we know each by, and its kind; the file says that of `""`."""

TYPES = {
    "01010100": "uint8",
    "01010200": "uint16",
    "01010300": "uint32",
    "01010400": "uint64",
    "01010500": "int8",
    "01010600": "int16",
    "01010700": "int32",
    "01010800": "int64",
    "01012001": "int64",
    "01012002": "int64",
    "01030100": "auid",
    "01030200": "mobid",
    "01030300": "auid",
    "01040100": "bool",
    "01100100": "text",
    "01100200": "text",
    "01100400": "text8",
    "03010100": "rational",
    "03010200": "product",
    "03010300": "version",
    "03010700": "timestamp",
    "04010100": "bytes",
    "04010300": "int32[]",
    "04010400": "int64[]",
    "04010500": "text[]",
    "04010600": "auid[]",
    "04010900": "uint32[]",
    "04011500": "auid[]",
    "04020100": "bytes",
    "04030100": "auid[]",
    "04030200": "uint32[]",
    "04100100": "bytes",
    "04100300": "indirect",
    "04100400": "indirect",
}
"""The first digits of the ids of the types that every file may use, and how their values are read."""


@dataclass(frozen=True)
class Property:
    """A property as a file numbers it: its number, its one name, and the kind of its value."""

    pid: int
    name: str
    kind: str
    auid: uuid.UUID | None = None


@dataclass(frozen=True)
class Class:
    """A class: its name, its parent's, and the properties that it adds."""

    name: str
    auid: uuid.UUID
    parent: uuid.UUID | None
    properties: tuple[Property, ...] = field(default=(), compare=False)


def full_auid(digits: str, tail: str) -> uuid.UUID:
    """Give the id that a table abbreviates: eight digits stand for an id of the standard."""
    if len(digits) > 8:
        return uuid.UUID(digits)
    return uuid.UUID(
        f"0d010101-{digits[:4]}-{digits[4:]}-{tail}" if tail == _CLASS_TAIL else f"{digits}-0000-0000-{tail}"
    )


def _baseline() -> dict[uuid.UUID, Class]:
    """Read the table above."""
    heads: list[tuple[str, str, str]] = []
    rows: dict[str, list[Property]] = {}
    for line in BASELINE.strip().splitlines():
        words = line.split()
        if not line.startswith(" "):
            heads.append((words[0], words[1], words[2]))
            rows[words[0]] = []
            continue
        for number, what in zip(words[::2], words[1::2], strict=True):
            name, _, kind = what.partition(":")
            rows[heads[-1][0]].append(Property(int(number, 16), name, kind))
    auids = {name: full_auid(digits, _CLASS_TAIL) for name, digits, _ in heads}
    return {auids[name]: Class(name, auids[name], auids.get(parent), tuple(rows[name])) for name, _, parent in heads}


BASELINE_CLASSES = _baseline()
"""The classes of the standard by id."""

BASELINE_TYPES = {full_auid(digits, _TYPE_TAIL): kind for digits, kind in TYPES.items()}
"""The types of the standard by id."""

ROOT = uuid.UUID("b3b398a5-1c90-11d4-8053-080036210804")
"""The class of the outermost object, whose storage carries the kind of file in its place."""

KNOWN_EXTENSIONS = {uuid.UUID(auid): known for auid, known in EXTENSIONS.items()}
"""Our name and kind of a property that an application added, by its AUID."""
