-- Entry. The program stands in the filter chain twice, each time in a Lua state of its own: as `auth` before the body is
-- read, and as `policy` after it, which also sees what comes back. The filter's own line of code sets STAGE.

local JUDGE = assert(({ auth = authenticate, policy = judge })[STAGE], "STAGE is neither auth nor policy")

-- What is found of a message, with room for it. Before its body is read that is nothing.
local NOTHING, ROOM = {}, POLICY.sessions and 16 or 8

function envoy_on_request(handle)
  guarded(handle, JUDGE, OF_MESSAGE and new_table(0, ROOM) or NOTHING)
end

if OF_MESSAGE then envoy_on_response = guarded_response end

-- What calls leave behind is collected once there is twice as much as stays. Of so little that is often, and a fortieth of a
-- call's cost: so some hundred kilobytes more of it may lie about, however large the policy is.
collectgarbage("setpause", 200 + 38400 / collectgarbage("count"))
