package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.TestNode.SCOPE;
import static dev.strongroom.hsm.node.command.TestNode.authority;

import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.GrantAddress;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.GrantCommand.FindGrants.Contexts;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.Page;
import dev.strongroom.hsm.protocol.Reply;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Grants to try commands with. */
final class SampleGrants {

    static final String READER = "arn:aws:iam::111122223333:role/reader";
    static final String WRITER = "arn:aws:iam::111122223333:role/writer";
    static final String RETIRER = "arn:aws:iam::111122223333:user/retirer";
    static final GrantRecord.Constraints FREE =
            new GrantRecord.Constraints(Optional.empty(), Optional.empty(), Optional.empty());

    private SampleGrants() {}

    static GrantRecord.Constraints exactly(Map<String, String> context) {
        return new GrantRecord.Constraints(Optional.of(context), Optional.empty(), Optional.empty());
    }

    static GrantRecord.Constraints holding(Map<String, String> context) {
        return new GrantRecord.Constraints(Optional.empty(), Optional.of(context), Optional.empty());
    }

    static GrantRecord.Terms terms(String grantee, String name, GrantRecord.Constraints constraints) {
        return new GrantRecord.Terms(grantee, Optional.of(RETIRER), List.of("Decrypt", "Encrypt"), constraints, name);
    }

    static GrantRecord.Terms toReader() {
        return terms(READER, "", FREE);
    }

    /** 64 hexadecimal digits that begin with {@code number}. */
    static String id(int number) {
        return "%08x".formatted(number) + "0".repeat(56);
    }

    static String newId() {
        return (UUID.randomUUID().toString() + UUID.randomUUID()).replace("-", "");
    }

    static GrantCommand.CreateGrant creation(KeyRecord key, String id, GrantRecord.Terms terms) {
        return new GrantCommand.CreateGrant(UUID.randomUUID(), authority(key), id, terms, SCOPE.accountId());
    }

    static Reply.CreatedGrant create(TestNode node, KeyRecord key, GrantRecord.Terms terms) {
        return node.call(creation(key, newId(), terms));
    }

    static GrantCommand.RevokeGrant revocation(KeyRecord key, GrantRecord grant) {
        return new GrantCommand.RevokeGrant(UUID.randomUUID(), authority(key), grant.stamp());
    }

    /** One command of each kind that works on {@code key}. */
    static List<Command<?>> commands(TestNode node, KeyRecord key) {
        var grant = create(node, key, toReader()).grant();
        return List.of(
                creation(key, newId(), terms(WRITER, "", FREE)),
                new GrantCommand.FindGrant(new GrantAddress.ById(key.name(), grant.id()), Freshness.LOCAL),
                new GrantCommand.FindGrants(
                        key.name(),
                        List.of(READER),
                        List.of("Encrypt"),
                        Optional.of(Contexts.exactly(Map.of())),
                        Freshness.LOCAL),
                new GrantCommand.ListGrants(authority(key), Optional.empty(), Optional.empty(), new Page("", 10, 0)),
                new GrantCommand.ListRetirableGrants(SCOPE, RETIRER, List.of(), new Page("", 10, 0)),
                revocation(key, grant),
                new GrantCommand.RetireGrant(UUID.randomUUID(), authority(key), grant.stamp()));
    }
}
