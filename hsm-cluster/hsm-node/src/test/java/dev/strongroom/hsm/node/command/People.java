package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.TestNode.SCOPE;

import dev.strongroom.hsm.protocol.HolderRecord;
import dev.strongroom.hsm.protocol.IdentityArn;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.IdentityName;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.PolicyRecord;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Makes accounts, users, roles and policies in a {@link TestNode}, as its identity administrator. */
final class People {

    static final Stamp UNSTAMPED = new Stamp(0, 0, 0);
    static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    private final TestNode node;
    final Session admin = Session.inProcess("identity");

    People(TestNode node) {
        this.node = node;
    }

    static String arn(String resource) {
        return "arn:aws:iam::" + SCOPE.accountId() + ":" + resource;
    }

    static IdentityRecord.Principal aUser(String resource) {
        return principal(resource, "AIDAIOSFODNN7EXAMPLE", Optional.empty());
    }

    static IdentityRecord.Principal aRole(String resource, String uniqueId) {
        return principal(resource, uniqueId, Optional.of(new IdentityRecord.RoleTerms("{}", 7_200)));
    }

    static IdentityRecord.Principal principal(
            String resource, String uniqueId, Optional<IdentityRecord.RoleTerms> role) {
        var holder = new HolderRecord(UNSTAMPED, arn(resource), uniqueId, Map.of("team", "a"), Map.of());
        return new IdentityRecord.Principal(holder, Instant.EPOCH, List.of(), Optional.empty(), role);
    }

    static IdentityRecord.Principal with(
            IdentityRecord.Principal principal, List<String> attached, Optional<String> boundary) {
        return new IdentityRecord.Principal(
                principal.holder(), principal.created(), attached, boundary, principal.role());
    }

    static IdentityRecord.Principal with(IdentityRecord.Principal principal, Map<String, String> inline) {
        var holder = principal.holder();
        return new IdentityRecord.Principal(
                new HolderRecord(holder.stamp(), holder.arn(), holder.uniqueId(), holder.tags(), inline),
                principal.created(),
                principal.attached(),
                principal.boundary(),
                principal.role());
    }

    static IdentityRecord.ManagedPolicy aPolicy(String name, String document) {
        return new IdentityRecord.ManagedPolicy(
                new PolicyRecord(UNSTAMPED, arn("policy/" + name), document), Instant.EPOCH, Instant.EPOCH);
    }

    void account(boolean open) {
        var found = node.vault.read(index -> index.identities().account(SCOPE.accountId()));
        var stamp = found.map(IdentityRecord.Account::stamp).orElse(UNSTAMPED);
        var account = new IdentityRecord.Account(stamp, SCOPE.accountId(), open, Instant.EPOCH);
        if (found.isPresent()) {
            var unused = replace(account);
        } else {
            var unused = create(account);
        }
    }

    IdentityRecord.Principal user(String name) {
        return create(aUser("user/" + name));
    }

    IdentityRecord.Principal role(String name) {
        return create(aRole("role/app/" + name, "AROAIOSFODNN7EXAMPLE"));
    }

    IdentityRecord.ManagedPolicy policy(String name, String document) {
        return create(aPolicy(name, document));
    }

    @SuppressWarnings("unchecked") // what is made is answered
    <T extends IdentityRecord> T create(T identity) {
        return (T) node.call(admin, new IdentityCommand.CreateIdentity(UUID.randomUUID(), identity))
                .identity();
    }

    @SuppressWarnings("unchecked") // what is replaced is answered
    <T extends IdentityRecord> T replace(T identity) {
        return (T) node.call(admin, new IdentityCommand.ReplaceIdentity(UUID.randomUUID(), identity))
                .identity();
    }

    void delete(IdentityName name) {
        var unused = node.call(admin, new IdentityCommand.DeleteIdentity(UUID.randomUUID(), name));
    }

    void accessKey(String id, String principalArn) {
        var unused = node.call(admin, accessKeyOf(id, principalArn));
    }

    static IdentityCommand.CreateAccessKey accessKeyOf(String id, String principalArn) {
        return new IdentityCommand.CreateAccessKey(
                UUID.randomUUID(), id, SCOPE.accountId(), principalArn, TestNode.plaintext(SECRET));
    }

    static String root() {
        return IdentityArn.root(SCOPE.accountId());
    }
}
