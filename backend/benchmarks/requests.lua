-- Sends prepared requests, one after the other, from a file: one line for each, of the method, the
-- path, the access token, the type of the body, the body and the session cookie, with tabs between
-- them. All that is not of the API is a page, which people open by its address, compressed.
--
-- Arguments: the file; "once" if each of them can be sent one time only, else "again"; for how many
-- milliseconds a connection waits on average before it sends the next.

local requests, position, threads = {}, 0, {}
exhausted = false

function setup(thread)
    table.insert(threads, thread)
end

function init(arguments)
    for line in io.lines(arguments[1]) do
        local method, path, token, kind, body, cookie =
            line:match("^(%u+)\t([^\t]+)\t([^\t]*)\t([^\t]*)\t(.*)\t([^\t]*)$")
        local headers = {}
        if token ~= "" then headers["Authorization"] = "Bearer " .. token end
        if kind ~= "" then headers["Content-Type"] = kind end
        if cookie ~= "" then headers["Cookie"] = "__Host-session=" .. cookie end
        if path:sub(1, 5) ~= "/api/" then
            headers["Accept-Encoding"], headers["Sec-Fetch-Site"] = "gzip", "none"
        end
        if method == "GET" then body = nil end
        table.insert(requests, wrk.format(method, path, headers, body))
    end
    once = arguments[2] == "once"
    local wait = tonumber(arguments[3])
    if wait > 0 then
        -- As if people came independently of each other.
        function delay() return math.floor(-wait * math.log(1 - math.random()) + 0.5) end
    end
end

function request()
    position = position + 1
    if position > #requests then
        if once then exhausted = true end
        position = 1
    end
    return requests[position]
end

function done(summary, latency)
    local out = false
    for _, thread in ipairs(threads) do out = out or thread:get("exhausted") end
    local e = summary.errors
    io.write(string.format(
        '\n{"requests": %d, "microseconds": %d, "p50": %d, "p99": %d, "longest": %d, ' ..
        '"refused": %d, "broken": %d, "exhausted": %s}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        latency.max, e.status, e.connect + e.read + e.write + e.timeout, tostring(out)))
end
