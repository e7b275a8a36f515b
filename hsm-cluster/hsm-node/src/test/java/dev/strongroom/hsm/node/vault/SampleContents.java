package dev.strongroom.hsm.node.vault;

import dev.strongroom.hsm.node.crypto.Digests;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.TestEntropy;
import dev.strongroom.hsm.node.user.CredentialVerifier;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.AliasRecord;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.HolderRecord;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.LastUse;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.PolicyRecord;
import dev.strongroom.hsm.protocol.ResourcePolicy;
import dev.strongroom.hsm.protocol.Role;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import dev.strongroom.hsm.protocol.TrackedUse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** One content of every kind. */
final class SampleContents {

    static final Scope SCOPE = new Scope("111122223333", "eu-west-1");
    static final KeyName KEY = new KeyName(SCOPE, "1234abcd-12ab-34cd-56ef-1234567890ab");
    static final String MULTI_REGION_ID = "mrk-1234abcd12ab34cd56ef1234567890ab";
    static final AliasName ALIAS = new AliasName(SCOPE, "alias/orders");
    static final Bytes BACKING_KEY_ID = Bytes.wrap(TestEntropy.counting(100, 16));
    static final String ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE";
    static final String GRANT_ID = "0a".repeat(32);
    static final Instant THEN = Instant.parse("2026-03-04T12:00:00.123Z");
    static final Stamp UNSTAMPED = new Stamp(0, 0, 0);

    private SampleContents() {}

    static List<Content> of(RecordSealer sealer, KeyMaterial material, KeyMaterial secret) {
        return List.of(
                key(),
                sealer.sealBackingKey(BACKING_KEY_ID, SCOPE.accountId(), KEY.keyId(), material),
                alias(ALIAS),
                new Content.KeyAliases(KEY, List.of("alias/orders")),
                new Content.AccessKey(
                        new IdentityRecord.AccessKey(
                                new CallerIdentity(
                                        UNSTAMPED, ACCESS_KEY_ID, SCOPE.accountId(), "arn:aws:iam::111122223333:root"),
                                true,
                                THEN),
                        sealer.sealSecret(ACCESS_KEY_ID, SCOPE.accountId(), secret)),
                new Content.Identity(new IdentityRecord.Account(UNSTAMPED, SCOPE.accountId(), true, THEN)),
                new Content.Identity(principal("user/Ann", Optional.empty())),
                new Content.Identity(principal(
                        "role/app/Reader",
                        Optional.of(new IdentityRecord.RoleTerms(
                                new ResourcePolicy(
                                        "{}", Map.of("arn:aws:iam::111122223333:user/ann", "AIDAIOSFODNN7EXAMPLE")),
                                3_600)))),
                new Content.Identity(new IdentityRecord.ManagedPolicy(
                        new PolicyRecord(UNSTAMPED, "arn:aws:iam::111122223333:policy/Read", "{}"), THEN, THEN)),
                new Content.Identity(new IdentityRecord.OidcProvider(
                        UNSTAMPED,
                        "arn:aws:iam::111122223333:oidc-provider/issuer.example.com/a",
                        List.of("app"),
                        "{}",
                        THEN)),
                new Content.User(user("gateway-1")),
                multiRegionKey(),
                new Content.NodeClock("node-1", THEN),
                new Content.KeyUsage(KEY, new LastUse(TrackedUse.SIGN, THEN, new UUID(3, 4))),
                new Content.Grant(grant()),
                new Content.Cluster(Bytes.wrap(TestEntropy.counting(3, 16)), THEN));
    }

    private static IdentityRecord.Principal principal(String resource, Optional<IdentityRecord.RoleTerms> role) {
        var holder = new HolderRecord(
                UNSTAMPED,
                "arn:aws:iam::111122223333:" + resource,
                "AIDAIOSFODNN7EXAMPLE",
                Map.of("team", "orders"),
                Map.of("inline", "{}"));
        return new IdentityRecord.Principal(
                holder, THEN, List.of("arn:aws:iam::111122223333:policy/Read"), Optional.empty(), role);
    }

    static Content.Key key() {
        return new Content.Key(new KeyRecord(
                UNSTAMPED,
                KEY,
                new KeyRecord.Attributes(
                        KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, Origin.AWS_KMS, false, THEN),
                new KeyRecord.Lifecycle(KeyState.PENDING_DELETION, Optional.of(THEN.plusSeconds(1)), 7),
                new KeyRecord.Documents(
                        "for orders",
                        new ResourcePolicy("{}", Map.of("arn:aws:iam::111122223333:user/ann", "AIDAIOSFODNN7EXAMPLE")),
                        List.of(new KeyRecord.Tag("team", "orders"))),
                KeyRecord.Material.of(List.of(
                        KeyRecord.BackingKey.first(BACKING_KEY_ID, Digests.materialId(BACKING_KEY_ID), THEN)))));
    }

    static GrantRecord grant() {
        return new GrantRecord(
                UNSTAMPED,
                KEY,
                GRANT_ID,
                new GrantRecord.Terms(
                        new GrantRecord.Party(
                                "arn:aws:iam::111122223333:role/reader", Optional.of("AROAIOSFODNN7EXAMPLE")),
                        Optional.of(GrantRecord.Party.of("arn:aws:iam::111122223333:root")),
                        List.of("Decrypt", "Encrypt"),
                        new GrantRecord.Constraints(
                                Optional.empty(), Optional.of(Map.of("volume", "vol-1")), Optional.empty()),
                        "volumes"),
                SCOPE.accountId(),
                THEN);
    }

    static Content.MultiRegionKey multiRegionKey() {
        return new Content.MultiRegionKey(
                SCOPE.accountId(),
                MULTI_REGION_ID,
                new KeyRecord.Material(
                        key().key().backingKeys(),
                        Optional.empty(),
                        Optional.of(new KeyRecord.Rotation(365, THEN)),
                        Optional.of(new KeyRecord.MultiRegion(UNSTAMPED, "eu-west-1", List.of("us-east-1")))));
    }

    /** The multi-Region key as its record in one Region says it. */
    static Content.Key regionalKey(String region) {
        var key = key().key();
        return new Content.Key(new KeyRecord(
                UNSTAMPED,
                new KeyName(new Scope(SCOPE.accountId(), region), MULTI_REGION_ID),
                new KeyRecord.Attributes(
                        KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, Origin.AWS_KMS, true, THEN),
                key.lifecycle(),
                key.documents(),
                KeyRecord.Material.NONE));
    }

    static Content.Alias alias(AliasName name) {
        return new Content.Alias(new AliasRecord(UNSTAMPED, name, KEY.keyId(), THEN, THEN));
    }

    static HsmUser user(String name) {
        return new HsmUser(
                name, Role.CRYPTO_USER, Set.of("111122223333"), Set.of("eu-west-1"), CredentialVerifier.NONE);
    }
}
