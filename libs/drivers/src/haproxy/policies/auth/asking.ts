import { createHash } from 'node:crypto';
import type { SharedFile, SharedLines } from '../../policy.ts';

/**
 * What asks others about a caller, since no rule of HAProxy can: its own HTTP client, from Lua. An answer is put into
 * variables, and rules go on from there. Nothing of a user is ever part of this text.
 */
const SCRIPT = `-- Written by Gitway; changes made here are drift.
local MOST_KEPT = 10000
local LONGEST_MS = 2000
local kept, count = {}, 0

local function now_ms()
  local now = core.now()
  return now.sec * 1000 + now.usec // 1000
end

-- When it is full everything is forgotten: asking again is always right.
local function keep(key, body, ms)
  if kept[key] == nil then
    if count >= MOST_KEPT then kept, count = {}, 0 end
    count = count + 1
  end
  kept[key] = { body = body, until_ms = now_ms() + ms }
end

-- HAProxy 2.6 tries an answer that is late three times more, and cannot be told not to: so the wait has its own end.
local function within(limit_ms, work)
  local done, answer = false, nil
  local began = now_ms()
  core.register_task(function()
    local ok, result = pcall(work)
    if ok then answer = result end
    done = true
  end)
  while not done do
    local waited = now_ms() - began
    if waited >= limit_ms then return nil end
    core.msleep(math.min(1 + waited // 8, limit_ms - waited))
  end
  return answer
end

local function encoded(text)
  return (text:gsub("[^%w._~-]", function(char) return string.format("%%%02X", char:byte()) end))
end

local function first(headers, name)
  local values = headers[name]
  return values and values[0]
end

-- RFC 7662: leaves the answer in txn.answer. Arguments: where, what the answer depends on beside the token, how long
-- an answer counts. The client's own credential is in txn.client.
core.register_action("gitway_introspect", { "http-req" }, function(txn, url, mark, keep_ms)
  local token = txn:get_var("txn.opaque")
  local key = mark .. txn.c:hex(txn.c:sha2(token, 256))
  local known = kept[key]
  keep_ms = tonumber(keep_ms)
  if keep_ms > 0 and known ~= nil and known.until_ms > now_ms() then
    txn:set_var("txn.answer", known.body)
    return
  end
  local headers = {
    ["authorization"] = { txn:get_var("txn.client") },
    ["content-type"] = { "application/x-www-form-urlencoded" },
    ["accept"] = { "application/json" },
  }
  local body = "token=" .. encoded(token) .. "&token_type_hint=access_token"
  local answer = within(LONGEST_MS, function()
    return core.httpclient():post({ url = url, timeout = LONGEST_MS, headers = headers, body = body })
  end)
  if answer == nil or answer.status ~= 200 or answer.body == nil or #answer.body > 12000 then return end
  if keep_ms > 0 then keep(key, answer.body, keep_ms) end
  txn:set_var("txn.answer", answer.body)
end, 3)

-- Leaves the status of the answer in txn.decision, and the headers to take in txn.taken_0, txn.taken_1 and so on.
-- Arguments: where, the longest wait, names of headers to send and to take, each separated by commas.
core.register_action("gitway_ask", { "http-req" }, function(txn, url, timeout_ms, send, take)
  local seen = txn.http:req_get_headers()
  local headers = {
    ["x-forwarded-method"] = { txn.f:method() },
    ["x-forwarded-uri"] = { txn.f:pathq() },
    ["x-forwarded-host"] = { first(seen, "host") or "" },
    ["x-forwarded-for"] = { tostring(txn.f:src()) },
  }
  for name in send:gmatch("[^,]+") do
    if seen[name] then
      headers[name] = {}
      for index = 0, #seen[name] do headers[name][index + 1] = seen[name][index] end
    end
  end
  local limit = tonumber(timeout_ms)
  local answer = within(limit, function()
    return core.httpclient():get({ url = url, timeout = limit, headers = headers })
  end)
  if answer == nil or answer.status == nil or answer.status == 0 then return end
  txn:set_var("txn.decision", answer.status)
  local number = 0
  for name in take:gmatch("[^,]+") do
    local value = first(answer.headers, name)
    if value then txn:set_var("txn.taken_" .. number, value) end
    number = number + 1
  end
  local challenge = first(answer.headers, "www-authenticate")
  if challenge then txn:set_var("txn.challenge", challenge) end
end, 4)
`;

const path = `maps/ask.${createHash('sha256').update(SCRIPT).digest('hex').slice(0, 16)}.lua`;

export const askingFiles: readonly SharedFile[] = [{ path, text: SCRIPT, secret: false }];
export const askingLines: readonly SharedLines[] = [{ section: 'global', key: 'ask', lines: [`    lua-load ${path}`] }];
