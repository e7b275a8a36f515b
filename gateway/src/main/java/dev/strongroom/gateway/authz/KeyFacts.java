package dev.strongroom.gateway.authz;

import dev.strongroom.api.KeyRef;
import dev.strongroom.hsm.protocol.KeyRecord;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What decisions about a key rest on.
 *
 * @param policy the record's policy, compiled
 * @param grants at least those that name the caller
 * @param aliases asked only if a policy has a condition on {@code kms:ResourceAliases}
 * @param multiRegionKeyType {@code PRIMARY} or {@code REPLICA}; empty for a key of one Region
 */
public record KeyFacts(
        KeyRecord record,
        CompiledPolicy policy,
        GrantIndex grants,
        Supplier<KeyAliases> aliases,
        Optional<String> multiRegionKeyType) {

    /** A key without aliases and grants. */
    public static KeyFacts of(KeyRecord record, CompiledPolicy policy) {
        return new KeyFacts(
                record,
                policy,
                GrantIndex.empty(),
                KeyAliases::none,
                record.material().multiRegion().map(shared -> record.isPrimary() ? "PRIMARY" : "REPLICA"));
    }

    /** The same key with its aliases and grants. */
    public KeyFacts with(GrantIndex found, Supplier<KeyAliases> named) {
        return new KeyFacts(record, policy, found, named, multiRegionKeyType);
    }

    public String arn() {
        var scope = record.name().scope();
        return KeyRef.keyArn(scope.region(), scope.accountId(), record.name().keyId());
    }

    public String accountId() {
        return record.name().scope().accountId();
    }
}
