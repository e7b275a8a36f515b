package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Scope;

/** Holds a user to the accounts and Regions it was made for, whatever its gateway believes. */
final class Permits {

    private Permits() {}

    static void require(HsmUser user, Scope scope) {
        require(user.serves(scope));
    }

    static void requireRegion(HsmUser user, String region) {
        require(user.servesRegion(region));
    }

    static void requireAccount(HsmUser user, String accountId) {
        require(user.servesAccount(accountId));
    }

    private static void require(boolean permitted) {
        if (!permitted) {
            throw new Refused(Refusal.NOT_PERMITTED, "the user is not made for this account or Region");
        }
    }
}
