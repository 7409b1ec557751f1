--[[ Workspace > Scripts > Import ADR Cues (Lua): cues that postsync wrote for Resolve become markers of the open timeline.

For editions that run no Python. The file is what `postsync merge SNAPSHOT RETURNED NAME.resolve.json` wrote; docs/resolve-exchange.md has
every field. It does with markers what the Python jobs do: foreign ones are never touched, the timeline is read again after the change,
and what did not come out as planned is taken back. How the markers were is written beside the file; choosing that file here brings
them back. Placed takes are not laid: that needs Python.
]]

local INSTRUCTIONS, UNDO = "postsync.resolve-instructions/1", "postsync.resolve-undo/1"
local FIELDS = {"color", "name", "note", "duration", "custom_data"}
local FURTHEST = 250
local ADVICE = "close any dialog that is open in Resolve and run this again"

local NULL = setmetatable({}, {__tostring = function() return "nothing" end})

local function stop(words) error({postsync = words}, 0) end

-- JSON --------------------------------------------------------------------------------------------------------------

local function utf8_of(code)
  local function tail(shift) return string.char(128 + math.floor(code / 2 ^ shift) % 64) end
  if code < 128 then return string.char(code) end
  if code < 2048 then return string.char(192 + math.floor(code / 64)) .. tail(0) end
  if code < 65536 then return string.char(224 + math.floor(code / 4096)) .. tail(6) .. tail(0) end
  return string.char(240 + math.floor(code / 262144)) .. tail(12) .. tail(6) .. tail(0)
end

local LETTERS = {b = "\b", f = "\f", n = "\n", r = "\r", t = "\t"}

-- Gives the value of a JSON text; objects and lists are tables, null is NULL. Raises where the text is none.
local function decode(words)
  local at = 1
  local value

  local function skip() at = words:find("[^ \t\r\n]", at) or #words + 1 end
  local function wrong() stop("byte " .. at .. ": not JSON") end

  local function quoted()
    local parts, from = {}, at + 1
    while true do
      local special = words:find('["\\]', from)
      if not special then wrong() end
      parts[#parts + 1] = words:sub(from, special - 1)
      if words:sub(special, special) == '"' then
        at = special + 1
        return table.concat(parts)
      end
      local letter = words:sub(special + 1, special + 1)
      from = special + 2
      if letter == "u" then
        local code = tonumber(words:sub(from, from + 3), 16) or wrong()
        from = from + 4
        local low = words:match("^\\u(%x%x%x%x)", from)
        if code >= 0xD800 and code < 0xDC00 and low then
          code = 0x10000 + (code - 0xD800) * 1024 + tonumber(low, 16) - 0xDC00
          from = from + 6
        end
        parts[#parts + 1] = utf8_of(code)
      else
        parts[#parts + 1] = LETTERS[letter] or letter
      end
    end
  end

  local function members(close, one)
    local found = {}
    at = at + 1
    skip()
    if words:sub(at, at) == close then
      at = at + 1
      return found
    end
    while true do
      one(found)
      skip()
      local mark = words:sub(at, at)
      at = at + 1
      if mark == close then return found end
      if mark ~= "," then wrong() end
      skip()
    end
  end

  function value()
    skip()
    local letter = words:sub(at, at)
    if letter == '"' then return quoted() end
    if letter == "{" then
      return members("}", function(found)
        if words:sub(at, at) ~= '"' then wrong() end
        local name = quoted()
        skip()
        if words:sub(at, at) ~= ":" then wrong() end
        at = at + 1
        found[name] = value()
      end)
    end
    if letter == "[" then return members("]", function(found) found[#found + 1] = value() end) end
    for word, meant in pairs({["true"] = true, ["false"] = false, null = NULL}) do
      if words:sub(at, at + #word - 1) == word then
        at = at + #word
        return meant
      end
    end
    local number = words:match("^-?%d+%.?%d*[eE]?[+-]?%d*", at)
    if not number or not tonumber(number) then wrong() end
    at = at + #number
    return tonumber(number)
  end

  local found = value()
  skip()
  if at <= #words then wrong() end
  return found
end

local ESCAPES = {['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t"}

local function quoted(words)
  return '"' .. words:gsub('[%c"\\]', function(letter)
    return ESCAPES[letter] or string.format("\\u%04x", letter:byte())
  end) .. '"'
end

-- asking Resolve ----------------------------------------------------------------------------------------------------

local function ask(thing, name, ...)
  if thing == nil then return nil end
  local found, method = pcall(function() return thing[name] end)
  if not found or method == nil then return nil end
  local went, answer = pcall(method, thing, ...)
  if went then return answer end
  return nil
end

local function whole(value)
  local found = type(value) ~= "boolean" and tonumber(value)
  return found and math.floor(found + 0.5) or nil
end

local function counted(number, one)
  return number .. " " .. one .. (number == 1 and "" or "s")
end

local function text(value)
  if type(value) == "number" then return value == math.floor(value) and string.format("%d", value) or tostring(value) end
  return type(value) == "string" and value or ""
end

local function even(value) return type(value) == "string" and value:gsub("\r\n", "\n"):gsub("\r", "\n") or value end

local function same(one, two)
  if one.frame ~= two.frame then return false end
  for _, name in ipairs(FIELDS) do
    if even(one[name]) ~= even(two[name]) then return false end
  end
  return true
end

local function markers_of(thing)
  local markers = {}
  local found = ask(thing, "GetMarkers")
  for key, facts in pairs(type(found) == "table" and found or {}) do
    local frame = whole(key)
    if frame and type(facts) == "table" then
      markers[#markers + 1] = {
        frame = frame, color = text(facts.color), name = text(facts.name), note = text(facts.note),
        duration = math.max(1, whole(facts.duration) or 1), custom_data = text(facts.customData),
      }
    end
  end
  table.sort(markers, function(one, two) return one.frame < two.frame end)
  return markers
end

local function by_frame(markers)
  local found = {}
  for _, marker in ipairs(markers) do found[marker.frame] = marker end
  return found
end

-- Only `true` is a yes, and what happened counts although the answer got lost.
local function add(timeline, one)
  if ask(timeline, "AddMarker", one.frame, one.color, one.name, one.note, one.duration, one.custom_data) == true then return true end
  local there = by_frame(markers_of(timeline))[one.frame]
  return there ~= nil and same(there, one)
end

local function delete(timeline, frame)
  return ask(timeline, "DeleteMarkerAtFrame", frame) == true or by_frame(markers_of(timeline))[frame] == nil
end

local function named(marker) return '"' .. (marker.name ~= "" and marker.name or marker.note) .. '" on frame ' .. marker.frame end

-- the plan ----------------------------------------------------------------------------------------------------------

local function mark_of(custom_data)
  if custom_data == "" then return nil end
  local went, found = pcall(decode, custom_data)
  local mark = went and type(found) == "table" and found.postsync
  return type(mark) == "table" and mark or nil
end

local function uid_of(custom_data)
  local mark = mark_of(custom_data)
  local cue = mark and mark.cue
  local uid = type(cue) == "table" and cue.uid
  return type(uid) == "string" and uid ~= "" and uid or nil
end

-- The instructions hold a mark without a nudge, so that one is put in before its last two brackets.
local function with_nudge(custom_data, nudge)
  if nudge == 0 or not mark_of(custom_data) then return custom_data end
  return (custom_data:gsub("}%s*}%s*$", ',"nudge":' .. nudge .. "}}"))
end

local function is_as_it_was(marker, was)
  return was.item == nil and even(marker.name) == even(text(was.name)) and even(marker.note) == even(text(was.note))
end

-- Gives the marker of each cue by its uid: the one with its mark, else the plain one that it was read from.
local function matched(before, cues)
  local marked, plain, ours = {}, {}, {}
  for _, marker in ipairs(before) do
    local uid = uid_of(marker.custom_data)
    if uid then marked[uid] = marked[uid] or {} table.insert(marked[uid], marker) end
    if marker.custom_data == "" then plain[marker.frame] = marker end
  end
  for _, cue in ipairs(cues) do
    local was = type(cue.was) == "table" and cue.was ~= NULL and cue.was or {}
    for _, marker in ipairs(marked[cue.uid] or {}) do
      local best = ours[cue.uid]
      if not best or math.abs(marker.frame - cue.frame) < math.abs(best.frame - cue.frame) then ours[cue.uid] = marker end
    end
    local there = plain[was.frame or -1]
    if not ours[cue.uid] and there and is_as_it_was(there, was) then
      ours[cue.uid] = there
      plain[was.frame] = nil
    end
  end
  return ours
end

local function places_of(cues, refused, taken, length)
  local places = {}
  for _, cue in ipairs(cues) do
    if not refused[cue.uid] then
      for frame = cue.frame, math.min(length, cue.frame + FURTHEST) - 1 do
        if not taken[frame] then
          places[cue.uid] = frame
          taken[frame] = true
          break
        end
      end
    end
  end
  return places
end

-- What is refused keeps its old marker, whose frame is then not free: until nothing more is refused.
local function settled(before, cues, ours, gone, length)
  local refused = {}
  for _, cue in ipairs(cues) do
    if cue.frame < 0 or cue.frame >= length then refused[cue.uid] = "lies outside the timeline" end
  end
  while true do
    local taken, lost = {}, false
    for _, marker in ipairs(before) do taken[marker.frame] = true end
    for uid, marker in pairs(ours) do
      if not refused[uid] then taken[marker.frame] = nil end
    end
    for _, marker in ipairs(gone) do taken[marker.frame] = nil end
    local places = places_of(cues, refused, taken, length)
    for _, cue in ipairs(cues) do
      if not refused[cue.uid] and not places[cue.uid] then
        refused[cue.uid] = "finds no free frame"
        lost = true
      end
    end
    if not lost then return places, refused end
  end
end

local function plan_of(before, cues, remove, length)
  local plan = {delete = {}, add = {}, stamp = {}, touched = {}, counts = {}, said = {}, refused = {}}
  local wanted, gone = {}, {}
  for _, uid in ipairs(remove) do wanted[uid] = true end
  for _, marker in ipairs(before) do
    local uid = uid_of(marker.custom_data)
    if uid and wanted[uid] then
      gone[#gone + 1] = marker
      plan.delete[#plan.delete + 1] = marker
    end
  end
  local ours = matched(before, cues)
  local places, refused = settled(before, cues, ours, gone, length)
  plan.refused = refused
  for _, cue in ipairs(cues) do
    local old, frame = ours[cue.uid], places[cue.uid]
    local result = "refused"
    if frame then
      local late = frame - cue.frame
      local new = {
        frame = frame, color = cue.color, name = text(cue.name), note = text(cue.note), duration = math.max(1, cue.duration - late),
        custom_data = with_nudge(cue.custom_data, late),
      }
      result = "unchanged"
      if not old then
        plan.add[#plan.add + 1] = new
        result = "added"
      elseif not same(old, new) then
        local marked = {}
        for name, value in pairs(old) do marked[name] = value end
        marked.custom_data = new.custom_data
        if same(marked, new) then
          plan.stamp[#plan.stamp + 1] = {frame = frame, custom_data = new.custom_data}
        else
          plan.delete[#plan.delete + 1] = old
          plan.add[#plan.add + 1] = new
        end
        result = old.frame == frame and "changed" or "moved"
      end
      if late > 0 then plan.said[#plan.said + 1] = new.name .. " stands " .. counted(late, "frame") .. " late: its frame is taken" end
    else
      plan.said[#plan.said + 1] = text(cue.name) .. " " .. refused[cue.uid]
    end
    plan.counts[result] = (plan.counts[result] or 0) + 1
  end
  if #gone > 0 then plan.counts.removed = #gone end
  for _, changes in ipairs({plan.delete, plan.add, plan.stamp}) do
    for _, one in ipairs(changes) do plan.touched[one.frame] = true end
  end
  return plan
end

local function after_of(before, plan)
  local there = by_frame(before)
  for _, one in ipairs(plan.delete) do there[one.frame] = nil end
  for _, one in ipairs(plan.add) do there[one.frame] = one end
  for _, one in ipairs(plan.stamp) do
    local copy = {}
    for name, value in pairs(there[one.frame]) do copy[name] = value end
    copy.custom_data = one.custom_data
    there[one.frame] = copy
  end
  return there
end

-- carrying out ------------------------------------------------------------------------------------------------------

local function differences(now, wanted)
  local faults, frames = {}, {}
  for frame in pairs(now) do frames[frame] = true end
  for frame in pairs(wanted) do frames[frame] = true end
  for frame in pairs(frames) do
    local there, shall = now[frame], wanted[frame]
    if not shall then faults[#faults + 1] = named(there) .. " is there and should not be."
    elseif not there then faults[#faults + 1] = named(shall) .. " is missing."
    elseif not same(there, shall) then faults[#faults + 1] = named(shall) .. " came back changed." end
  end
  return faults
end

-- Makes the touched frames look as before; gives what could not be done.
local function restore(timeline, before, touched)
  local now, shall, anew = by_frame(markers_of(timeline)), by_frame(before), {}
  for frame in pairs(touched) do
    local there, then_ = now[frame], shall[frame]
    if not (there and then_ and same(there, then_)) then
      if there then delete(timeline, frame) end
      if then_ then anew[#anew + 1] = then_ end
    end
  end
  for _, marker in ipairs(anew) do add(timeline, marker) end
  local found, wanted = {}, {}
  now = by_frame(markers_of(timeline))
  for frame in pairs(touched) do found[frame], wanted[frame] = now[frame], shall[frame] end
  return differences(found, wanted)
end

local function change(timeline, plan)
  for _, one in ipairs(plan.delete) do
    if not delete(timeline, one.frame) then return "Resolve did not delete the marker " .. named(one) .. "." end
  end
  for _, one in ipairs(plan.add) do
    if not add(timeline, one) then return "Resolve did not take the marker " .. named(one) .. "." end
  end
  for _, one in ipairs(plan.stamp) do
    if ask(timeline, "UpdateMarkerCustomData", one.frame, one.custom_data) ~= true then
      return "Resolve did not mark the cue on frame " .. one.frame .. "."
    end
  end
  return nil
end

-- A marker of a clip that a cue was read from says so out of sight, and is not read as a second cue.
local function lift(timeline, cues, refused)
  local wanted = {}
  for _, cue in ipairs(cues) do
    if type(cue.was) == "table" and type(cue.was.item) == "string" and not refused[cue.uid] then wanted[#wanted + 1] = cue end
  end
  if #wanted == 0 then return end
  local items, places = {}, {}
  for _, kind in ipairs({"video", "audio"}) do
    for index = 1, whole(ask(timeline, "GetTrackCount", kind)) or 0 do
      local found = ask(timeline, "GetItemListInTrack", kind, index)
      for _, item in pairs(type(found) == "table" and found or {}) do
        local place = text(ask(item, "GetStart")) .. " " .. text(ask(item, "GetLeftOffset"))
        places[text(ask(item, "GetUniqueId"))] = place
        items[#items + 1] = {item = item, place = place}
      end
    end
  end
  for _, cue in ipairs(wanted) do
    for _, one in ipairs(items) do
      local there = one.place == places[cue.was.item] and by_frame(markers_of(one.item))[cue.was.frame]
      local plain = there and (there.custom_data == "" or uid_of(there.custom_data) == cue.uid)
      if plain and even(there.name) == even(text(cue.was.name)) and even(there.note) == even(text(cue.was.note)) then
        ask(one.item, "UpdateMarkerCustomData", cue.was.frame, '{"postsync":{"lifted":"' .. cue.uid .. '"}}')
      end
    end
  end
end

-- files -------------------------------------------------------------------------------------------------------------

local function read(path)
  local file = io.open(path, "rb")
  if not file then stop(path .. ": there is no such file.") end
  local words = file:read("*a"):gsub("^\239\187\191", "")
  file:close()
  local went, found = pcall(decode, words)
  if not went then stop(path .. ": " .. (type(found) == "table" and found.postsync or tostring(found)) .. ". Nothing was changed.") end
  if type(found) ~= "table" or (found.schema ~= INSTRUCTIONS and found.schema ~= UNDO) then
    stop(path .. ": expected " .. INSTRUCTIONS .. ", found " .. tostring(type(found) == "table" and found.schema or found) .. ". Nothing was changed.")
  end
  return found
end

local function write_undo(path, timeline, before, touched)
  local rows, frames = {}, {}
  for _, one in ipairs(before) do
    rows[#rows + 1] = string.format('{"frame": %d, "color": %s, "name": %s, "note": %s, "duration": %d, "custom_data": %s}',
      one.frame, quoted(one.color), quoted(one.name), quoted(one.note), one.duration, quoted(one.custom_data))
  end
  for frame in pairs(touched) do frames[#frames + 1] = string.format("%d", frame) end
  table.sort(frames, function(one, two) return tonumber(one) < tonumber(two) end)
  local about = string.format('{"name": %s, "unique_id": %s}', quoted(text(ask(timeline, "GetName"))), quoted(text(ask(timeline, "GetUniqueId"))))
  local file, fault = io.open(path, "wb")
  if not file then stop("Could not write " .. tostring(fault) .. "; nothing was changed.") end
  local written = file:write('{"schema": "', UNDO, '", "job": "Import ADR Cues (Lua)", "written": "', os.date("!%Y-%m-%dT%H:%M:%SZ"),
    '", "state": "open", "timeline": ', about, ',\n"touched": [', table.concat(frames, ", "), '],\n"before": [', table.concat(rows, ",\n"), "]}\n")
  if not file:close() or not written then stop("Could not write " .. path .. "; nothing was changed.") end
end

local function unused(path)
  local count, free = 1, path .. " before.json"
  while true do
    local file = io.open(free, "rb")
    if not file then return free end
    file:close()
    count = count + 1
    free = path .. " before " .. count .. ".json"
  end
end

local function chosen()
  local dialogs = fusion or fu
  local went, answer = pcall(function() return dialogs:RequestFile("", "", {}) end)
  if went then
    if answer == nil or answer == "" then stop("Cancelled: nothing was changed.") end
    return tostring(answer)
  end
  return (os.getenv("HOME") or os.getenv("USERPROFILE") or ".") .. "/Documents/postsync.resolve.json"
end

-- the job -----------------------------------------------------------------------------------------------------------

local function number_of(cue, name, least)
  local found = cue[name]
  if type(found) ~= "number" or found ~= math.floor(found) or (least and found < least) then
    stop("The cue " .. text(cue.uid) .. " has no whole number as its " .. name .. ". Nothing was changed.")
  end
end

local function checked(found, timeline)
  local told, rate, start = found.timeline, text(ask(timeline, "GetSetting", "timelineFrameRate")), text(ask(timeline, "GetStartTimecode"))
  if type(told) ~= "table" or type(found.cues) ~= "table" then stop("The file has no timeline or no cues. Nothing was changed.") end
  local ours, theirs = tonumber((rate:match("%S+"))), tonumber((text(told.frame_rate):match("%S+")))
  -- Old builds cut the decimals off: 23 is 23.976.
  if not ours or not theirs or (math.abs(ours - theirs) > 0.005 and math.floor(theirs) ~= ours) then
    stop("The cues count in " .. tostring(theirs) .. ", the timeline runs at " .. rate .. ": open the one that they belong to. Nothing was changed.")
  end
  local drop = start:find(";", 1, true) ~= nil or text(ask(timeline, "GetSetting", "timelineDropFrameTimecode")) == "1"
  if drop ~= (told.drop_frame == true) then stop("The cues and the timeline differ in drop frame. Nothing was changed.") end
  if start ~= "" and text(told.start_timecode):gsub(";", ":") ~= start:gsub(";", ":") then
    stop("The cues count from " .. text(told.start_timecode) .. ", the timeline starts at " .. start .. ". Nothing was changed.")
  end
  local seen = {}
  for _, cue in ipairs(found.cues) do
    if text(cue.uid) == "" or text(cue.custom_data) == "" or text(cue.color) == "" or seen[cue.uid] then
      stop("A cue of the file has no uid, mark or colour, or stands there twice: " .. text(cue.uid) .. ". Nothing was changed.")
    end
    number_of(cue, "frame")
    number_of(cue, "duration", 1)
    seen[cue.uid] = true
  end
  table.sort(found.cues, function(one, two)
    if one.frame ~= two.frame then return one.frame < two.frame end
    if text(one.label) ~= text(two.label) then return text(one.label) < text(two.label) end
    return one.uid < two.uid
  end)
end

local function open_timeline()
  local application = resolve
  if application == nil then application = ask(app, "GetResolve") end
  if application == nil then stop("DaVinci Resolve did not answer: run this from Workspace > Scripts.") end
  local project = ask(ask(application, "GetProjectManager"), "GetCurrentProject")
  local timeline = ask(project, "GetCurrentTimeline")
  if timeline == nil then stop("No timeline is open: open the one that the cues belong to and run this again.") end
  return application, timeline
end

local function bring_back(timeline, found, path)
  if type(found.timeline) == "table" and text(found.timeline.unique_id) ~= text(ask(timeline, "GetUniqueId")) then
    stop(path .. " is of another timeline: " .. text(found.timeline.name) .. ". Nothing was changed.")
  end
  local touched = {}
  for _, frame in ipairs(found.touched) do touched[frame] = true end
  local left = restore(timeline, found.before, touched)
  for _, words in ipairs(left) do print("Not as it was: " .. words) end
  if #left == 0 then print("The markers are as they were.") end
end

local function import()
  local application, timeline = open_timeline()
  local path = chosen()
  local found = read(path)
  local page = ask(application, "GetCurrentPage")
  ask(application, "OpenPage", "edit")
  if found.schema == UNDO then
    bring_back(timeline, found, path)
  else
    checked(found, timeline)
    local before = markers_of(timeline)
    local length = (whole(ask(timeline, "GetEndFrame")) or 0) - (whole(ask(timeline, "GetStartFrame")) or 0)
    local plan = plan_of(before, found.cues, type(found.remove) == "table" and found.remove or {}, length)
    if next(plan.touched) ~= nil then
      local kept = unused((path:gsub("%.json$", "")))
      write_undo(kept, timeline, before, plan.touched)
      local fault = change(timeline, plan)
      local faults = fault and {fault} or differences(by_frame(markers_of(timeline)), after_of(before, plan))
      if #faults > 0 then
        local left = restore(timeline, before, plan.touched)
        for _, words in ipairs(faults) do print(words) end
        for _, words in ipairs(left) do print("Not as it was: " .. words) end
        stop(#left == 0 and "Everything was taken back: " .. ADVICE .. "." or "How it was is in " .. kept .. ": " .. ADVICE .. ", with that file.")
      end
      print("How the markers were: " .. kept)
    end
    lift(timeline, found.cues, plan.refused)
    local words = {}
    for result, count in pairs(plan.counts) do words[#words + 1] = count .. " " .. result end
    table.sort(words)
    print(counted(#found.cues, "cue") .. ": " .. table.concat(words, ", "))
    for _, said in ipairs(plan.said) do print("  " .. said) end
    if type(found.clips) == "table" and #found.clips > 0 then print(counted(#found.clips, "take") .. " not laid: that needs Python.") end
  end
  if page then ask(application, "OpenPage", page) end
end

local went, fault = pcall(import)
if not went then print(type(fault) == "table" and fault.postsync or "Import ADR Cues stopped: " .. tostring(fault)) end
