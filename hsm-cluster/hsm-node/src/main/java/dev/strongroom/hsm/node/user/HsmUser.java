package dev.strongroom.hsm.node.user;

import dev.strongroom.hsm.protocol.Role;
import dev.strongroom.hsm.protocol.Scope;
import java.util.Set;

/**
 * An account on the HSM.
 *
 * @param name as in the client certificate, 1 to 128 characters
 * @param accounts the accounts it is made for; empty means all
 * @param regions the Regions it is made for; empty means all
 * @param verifier what its credential is checked against
 */
public record HsmUser(String name, Role role, Set<String> accounts, Set<String> regions, CredentialVerifier verifier) {

    private static final int MAX_NAME = 128;

    public HsmUser {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException("a user's name has 1 to " + MAX_NAME + " characters");
        }
        accounts = Set.copyOf(accounts);
        regions = Set.copyOf(regions);
    }

    public boolean serves(Scope scope) {
        return servesAccount(scope.accountId()) && servesRegion(scope.region());
    }

    public boolean servesAccount(String accountId) {
        return accounts.isEmpty() || accounts.contains(accountId);
    }

    public boolean servesRegion(String region) {
        return regions.isEmpty() || regions.contains(region);
    }
}
