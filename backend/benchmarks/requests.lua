-- Sends prepared requests, one after the other, from a file: one line for each, of the method, the
-- path, the access token, the type of the body and the body, with tabs between them.
--
-- Arguments: the file; "once" if each of them can be sent one time only, else "again"; for how many
-- milliseconds a connection waits on average before it sends the next; "evenly" if it always waits as
-- long, else "at random"; how many connections there are.

local requests, position, threads = {}, 0, {}
exhausted = false

function setup(thread)
    table.insert(threads, thread)
end

function init(arguments)
    for line in io.lines(arguments[1]) do
        local method, path, token, kind, body =
            line:match("^(%u+)\t([^\t]+)\t([^\t]*)\t([^\t]*)\t(.*)$")
        local headers = {}
        if token ~= "" then headers["Authorization"] = "Bearer " .. token end
        if kind ~= "" then headers["Content-Type"] = kind end
        if method == "GET" then body = nil end
        table.insert(requests, wrk.format(method, path, headers, body))
    end
    once = arguments[2] == "once"
    local wait, evenly, beginning = tonumber(arguments[3]), arguments[4] == "evenly", tonumber(arguments[5])
    if wait == 0 then return end
    function delay()
        if not evenly then return whole(-wait * math.log(1 - math.random())) end
        beginning = beginning - 1
        return whole(beginning < 0 and wait or wait * math.random())
    end
end

function whole(milliseconds)
    return math.floor(milliseconds + math.random())
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
