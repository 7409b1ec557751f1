--[[ Workspace > Scripts > Export ADR Cues (Lua): the open timeline with its markers as a file for postsync.

For editions that run no Python. It writes what the Python jobs write, `postsync.resolve-snapshot/1`, and changes nothing. Runs on
the Lua of every build (5.1, LuaJIT) and on 5.4.
]]

local SCHEMA = "postsync.resolve-snapshot/1"
local RATES = {"16", "18", "23.976", "24", "25", "29.97", "30", "47.952", "48", "50", "59.94", "60", "72", "95.904", "96", "100",
  "119.88", "120"}
local SETTINGS = {"timelineFrameRate", "timelineDropFrameTimecode", "timelinePlaybackFrameRate", "useCustomSettings"}
local TRACK_TYPES = {"video", "audio", "subtitle"}
local MEDIA = {
  {"name", "File Name"}, {"file_path", "File Path"}, {"fps", "FPS"}, {"start_tc", "Start TC"}, {"sample_rate", "Sample Rate", true},
  {"bit_depth", "Audio Bit Depth", true}, {"audio_ch", "Audio Ch", true}, {"reel", "Reel Name"}, {"duration_tc", "Duration"},
  {"frames", "Frames", true}, {"type", "Type"}, {"status", "Online Status"},
}

local NULL = {}
local warnings = {}

-- JSON --------------------------------------------------------------------------------------------------------------

-- An object keeps the order of its fields: a list of pairs under `object`. A list stands under `list`.
local function object(pairs_in_order) return {object = pairs_in_order} end
local function list(values) return {list = values} end

local ESCAPES = {['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t"}

local function quoted(words)
  return '"' .. words:gsub('[%c"\\]', function(letter)
    return ESCAPES[letter] or string.format("\\u%04x", letter:byte())
  end) .. '"'
end

local function number(value)
  if value == math.floor(value) and math.abs(value) < 1e15 then return string.format("%d", value) end
  return (string.format("%.17g", value):gsub(",", "."))
end

local function encode(value, out)
  if value == NULL or value == nil then out[#out + 1] = "null"
  elseif type(value) == "boolean" then out[#out + 1] = tostring(value)
  elseif type(value) == "number" then out[#out + 1] = number(value)
  elseif type(value) == "string" then out[#out + 1] = quoted(value)
  elseif value.list then
    out[#out + 1] = "["
    for place, one in ipairs(value.list) do
      if place > 1 then out[#out + 1] = ",\n" end
      encode(one, out)
    end
    out[#out + 1] = "]"
  else
    out[#out + 1] = "{"
    for place, pair in ipairs(value.object) do
      if place > 1 then out[#out + 1] = ",\n" end
      out[#out + 1] = quoted(pair[1]) .. ": "
      encode(pair[2], out)
    end
    out[#out + 1] = "}"
  end
end

-- asking Resolve ----------------------------------------------------------------------------------------------------

-- Gives nil where Resolve has no answer: a method that a build lacks is nil and cannot be called.
local function ask(thing, name, ...)
  if thing == nil then return nil end
  local found, method = pcall(function() return thing[name] end)
  if not found or method == nil then return nil end
  local went, answer = pcall(method, thing, ...)
  if not went then
    warnings[#warnings + 1] = tostring(answer)
    return nil
  end
  return answer
end

local function decimal(value)
  if type(value) == "boolean" then return nil end
  local found = tonumber(value)
  if found == nil or found ~= found or found == math.huge or found == -math.huge then return nil end
  return found
end

local function whole(value)
  local found = decimal(value)
  return found and math.floor(found + 0.5)
end

local function text(value)
  if type(value) == "number" then return value == math.floor(value) and string.format("%d", value) or tostring(value) end
  return type(value) == "string" and value or ""
end

local function known(value) if value == nil then return NULL end return value end

local function known_rate(given)
  local found = tonumber((text(given):match("^%s*(%S+)")))
  if not found then return nil end
  for _, rate in ipairs(RATES) do
    if math.abs(tonumber(rate) - found) < 0.005 then return rate end
  end
  for _, rate in ipairs(RATES) do
    if math.floor(tonumber(rate)) == found then return rate end
  end
  return nil
end

local function stop(words) error({postsync = words}, 0) end

-- A list of Resolve's has holes where a build answers nil for an item; `pairs` sees them all, in the order of its keys.
local function in_order(found)
  local keys, values = {}, {}
  if type(found) ~= "table" then return values end
  for key in pairs(found) do keys[#keys + 1] = key end
  table.sort(keys, function(one, two)
    local left, right = tonumber(one), tonumber(two)
    if left and right then return left < right end
    return tostring(one) < tostring(two)
  end)
  for place, key in ipairs(keys) do values[place] = {key, found[key]} end
  return values
end

-- the snapshot ------------------------------------------------------------------------------------------------------

local function markers_of(found, where)
  local markers = {}
  for _, pair in ipairs(in_order(found)) do
    local frame, facts = whole(pair[1]), pair[2]
    if frame == nil or type(facts) ~= "table" then
      warnings[#warnings + 1] = "A marker of " .. where .. " could not be read: " .. tostring(pair[1])
    else
      if decimal(pair[1]) ~= frame then
        warnings[#warnings + 1] = "A marker of " .. where .. " lies between frames (" .. tostring(pair[1]) .. ")."
      end
      markers[#markers + 1] = object({
        {"frame", frame}, {"color", text(facts.color)}, {"name", text(facts.name)}, {"note", text(facts.note)},
        {"duration", math.max(1, whole(facts.duration) or 1)}, {"custom_data", text(facts.customData)},
      })
    end
  end
  return list(markers)
end

local media_known = {}

local function media_of(clip)
  if clip == nil then return NULL end
  local uid = text(ask(clip, "GetUniqueId"))
  if uid ~= "" and media_known[uid] then return media_known[uid] end
  local properties, facts = ask(clip, "GetClipProperty"), {}
  if type(properties) ~= "table" then properties = {} end
  for _, row in ipairs(MEDIA) do
    local value = text(properties[row[2]])
    if row[1] == "name" and value == "" then value = text(ask(clip, "GetName")) end
    facts[#facts + 1] = {row[1], row[3] and known(whole(value)) or (not row[3] and value) or NULL}
  end
  local metadata = {}
  for _, pair in ipairs(in_order(ask(clip, "GetMetadata"))) do
    if text(pair[2]) ~= "" then metadata[#metadata + 1] = {text(pair[1]), text(pair[2])} end
  end
  facts[#facts + 1] = {"unique_id", uid}
  facts[#facts + 1] = {"take", text(ask(clip, "GetThirdPartyMetadata", "postsync"))}
  facts[#facts + 1] = {"metadata", object(metadata)}
  local made = object(facts)
  if uid ~= "" then media_known[uid] = made end
  return made
end

local function yes_unless_no(answer) return answer ~= false end

local function item_of(item)
  local name = text(ask(item, "GetName"))
  local first, last = whole(ask(item, "GetStart")), whole(ask(item, "GetEnd"))
  if not first or not last then
    warnings[#warnings + 1] = "Resolve gave no place for " .. name
    return nil
  end
  local linked, speed = {}, ask(item, "GetSpeed")
  for _, pair in ipairs(in_order(ask(item, "GetLinkedItems"))) do
    linked[#linked + 1] = text(ask(pair[2], "GetUniqueId"))
  end
  return object({
    {"name", name}, {"start", first}, {"end", last},
    {"left_offset", known(whole(ask(item, "GetLeftOffset")))}, {"right_offset", known(whole(ask(item, "GetRightOffset")))},
    {"source_start_frame", known(whole(ask(item, "GetSourceStartFrame")))},
    {"source_end_frame", known(whole(ask(item, "GetSourceEndFrame")))},
    {"source_start_time", known(decimal(ask(item, "GetSourceStartTime")))},
    {"source_end_time", known(decimal(ask(item, "GetSourceEndTime")))},
    {"speed_percent", known(type(speed) == "table" and decimal(speed.Percentage) or nil)},
    {"enabled", yes_unless_no(ask(item, "GetClipEnabled"))}, {"color", text(ask(item, "GetClipColor"))},
    {"type", text(ask(item, "GetType"))}, {"unique_id", text(ask(item, "GetUniqueId"))}, {"linked_ids", list(linked)},
    {"audio_mapping", text(ask(item, "GetSourceAudioChannelMapping"))}, {"media", media_of(ask(item, "GetMediaPoolItem"))},
    {"markers", markers_of(ask(item, "GetMarkers"), name)},
  })
end

local function tracks_of(timeline)
  local tracks = {}
  for _, kind in ipairs(TRACK_TYPES) do
    for index = 1, whole(ask(timeline, "GetTrackCount", kind)) or 0 do
      local items = {}
      for _, pair in ipairs(in_order(ask(timeline, "GetItemListInTrack", kind, index))) do
        items[#items + 1] = item_of(pair[2])
      end
      tracks[#tracks + 1] = object({
        {"type", kind}, {"index", index}, {"name", text(ask(timeline, "GetTrackName", kind, index))},
        {"enabled", yes_unless_no(ask(timeline, "GetIsTrackEnabled", kind, index))},
        {"locked", ask(timeline, "GetIsTrackLocked", kind, index) == true},
        {"sub_type", text(ask(timeline, "GetTrackSubType", kind, index))}, {"items", list(items)},
      })
    end
  end
  return list(tracks)
end

local function timeline_of(timeline)
  local settings, told = ask(timeline, "GetSettings"), {}
  if type(settings) ~= "table" or next(settings) == nil then
    settings = {}
    for _, name in ipairs(SETTINGS) do settings[name] = ask(timeline, "GetSetting", name) end
  end
  local given, start = settings.timelineFrameRate, text(ask(timeline, "GetStartTimecode"))
  if not known_rate(given) then stop("Resolve gave the frame rate of the timeline as " .. tostring(given) .. ", which is no rate that we know.") end
  for _, pair in ipairs(in_order(settings)) do
    if text(pair[2]) ~= "" then told[#told + 1] = {text(pair[1]), text(pair[2])} end
  end
  local drop = start:find(";", 1, true) ~= nil or text(given):upper():find("DF", 1, true) ~= nil
    or text(settings.timelineDropFrameTimecode) == "1"
  return object({
    {"name", text(ask(timeline, "GetName"))}, {"unique_id", text(ask(timeline, "GetUniqueId"))}, {"frame_rate", text(given)},
    {"drop_frame", drop}, {"start_timecode", start}, {"start_frame", known(whole(ask(timeline, "GetStartFrame")))},
    {"end_frame", known(whole(ask(timeline, "GetEndFrame")))}, {"settings", object(told)},
  })
end

local function application_of(resolve)
  local product, studio = text(ask(resolve, "GetProductName")), ask(resolve, "IsStudio")
  if type(studio) ~= "boolean" then studio = product:lower():find("studio", 1, true) ~= nil end
  return object({{"product", product}, {"version", text(ask(resolve, "GetVersionString"))}, {"edition", studio and "studio" or "free"}})
end

local function find_resolve()
  if resolve ~= nil then return resolve end
  local found = ask(app, "GetResolve")
  if found == nil and bmd ~= nil then
    local went, answer = pcall(function() return bmd.scriptapp("Resolve") end)
    found = went and answer or nil
  end
  return found
end

-- the file ----------------------------------------------------------------------------------------------------------

local function file_name(name)
  name = name:gsub('[<>:"/\\|%?%*%c]', "_"):gsub("^[ .]+", ""):gsub("[ .]+$", "")
  return (name == "" and "timeline" or name) .. ".json"
end

local function exists(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

local function unused(path)
  local stem, count, free = path:gsub("%.json$", ""), 1, path
  while exists(free) do
    count = count + 1
    free = stem .. " " .. count .. ".json"
  end
  return free
end

local function chosen(name)
  local dialogs = fusion or fu
  if dialogs == nil then return nil end
  local went, answer = pcall(function() return dialogs:RequestFile("", name, {FReqB_Saving = true}) end)
  if not went then return nil end
  if answer == nil or answer == "" then stop("Cancelled: nothing was written.") end
  answer = tostring(answer)
  return answer:lower():sub(-5) == ".json" and answer or answer .. ".json"
end

-- Written beside the name and renamed when whole, so that a half file never has the name.
local function write_whole(path, data)
  local part = path .. ".part"
  local file, fault = io.open(part, "wb")
  if not file then return nil, fault end
  local written = file:write(data)
  local closed = file:close()
  if not written or not closed then
    os.remove(part)
    return nil, "the disk is full"
  end
  os.remove(path)
  return os.rename(part, path)
end

local function save(data, name)
  local home = os.getenv("HOME") or os.getenv("USERPROFILE") or "."
  local wanted, faults = chosen(name), {}
  for _, path in ipairs({wanted or false, unused(home .. "/Documents/" .. name), unused(home .. "/" .. name)}) do
    if path then
      local went, fault = write_whole(path, data)
      if went then return path end
      faults[#faults + 1] = tostring(fault or path)
    end
  end
  stop("Could not write: " .. table.concat(faults, "; "))
end

local function export()
  local application = find_resolve()
  if application == nil then stop("DaVinci Resolve did not answer: run this from Workspace > Scripts.") end
  local project = ask(ask(application, "GetProjectManager"), "GetCurrentProject")
  if project == nil then stop("No project is open: open one and run this again.") end
  local timeline = ask(project, "GetCurrentTimeline")
  if timeline == nil then stop("No timeline is open: open the timeline with the cues and run this again.") end
  local facts, tracks = timeline_of(timeline), tracks_of(timeline)
  local markers = markers_of(ask(timeline, "GetMarkers"), "timeline")
  local project_facts = object({{"name", text(ask(project, "GetName"))}, {"unique_id", text(ask(project, "GetUniqueId"))}})
  local out = {}
  encode(object({
    {"schema", SCHEMA}, {"written", os.date("!%Y-%m-%dT%H:%M:%SZ")}, {"by", "lua"}, {"application", application_of(application)},
    {"project", project_facts}, {"timeline", facts}, {"tracks", tracks}, {"markers", markers}, {"warnings", list(warnings)},
  }), out)
  local path = save(table.concat(out) .. "\n", file_name(text(ask(timeline, "GetName"))))
  print(#markers.list .. (#markers.list == 1 and " marker" or " markers") .. ", written to " .. path)
  for _, warning in ipairs(warnings) do print("Resolve did not answer everything: " .. warning) end
  print('Next, in a terminal: postsync turnover "' .. path .. '" --for pro-tools --into "' .. path:gsub("%.json$", "") .. ' for Pro Tools"')
end

local went, fault = pcall(export)
if not went then print(type(fault) == "table" and fault.postsync or "Export ADR Cues stopped: " .. tostring(fault)) end
