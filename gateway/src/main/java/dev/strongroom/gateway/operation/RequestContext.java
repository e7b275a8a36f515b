package dev.strongroom.gateway.operation;

import dev.strongroom.gateway.authz.Caller;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import java.util.ArrayList;

/**
 * What is known about a request beside its body.
 *
 * @param caller who signed it
 * @param scope the caller's account in the Region of the credential scope
 * @param ids the ids it may need
 */
public record RequestContext(Caller caller, Scope scope, FreshIds ids) {

    /**
     * What permission to use or change {@code found} rested on: the key, what it shares with its other Regions, the alias
     * that led to it, the caller.
     */
    public Authority authority(Reply.FoundKey found) {
        var others = new ArrayList<Stamp>(3);
        found.alias().ifPresent(alias -> others.add(alias.stamp()));
        found.key().material().multiRegion().ifPresent(shared -> others.add(shared.stamp()));
        others.add(callerStamp());
        return new Authority(found.key().stamp(), others);
    }

    public Stamp callerStamp() {
        return caller.identity().stamp();
    }
}
