package dev.strongroom.hsm.node.vault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.hsm.node.crypto.Digests;
import dev.strongroom.hsm.node.store.RecordId;
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
import dev.strongroom.hsm.protocol.MaterialState;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.PolicyRecord;
import dev.strongroom.hsm.protocol.Role;
import dev.strongroom.hsm.protocol.RotationType;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import dev.strongroom.hsm.protocol.TrackedUse;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.arbitraries.StringArbitrary;

class ContentCodecProperties {

    private static final RecordId ID = new RecordId(3, 4);
    private static final Instant THEN = Instant.parse("2026-03-04T12:00:00.123Z");
    private static final Stamp STAMP = new Stamp(3, 4, 5);

    @Property
    void whatIsWrittenIsRead(
            @ForAll("contents") Content content, @ForAll("commands") UUID created, @ForAll("commands") UUID changed) {
        var octets = ContentCodec.write(content, created, changed);

        var stored = ContentCodec.read(octets, content.kind(), ID, 5);

        assertEquals(content, stored.content());
        assertEquals(created, stored.createdBy());
        assertEquals(changed, stored.changedBy());
        assertEquals(STAMP, stored.stamp());
    }

    @Property
    void aContentIsNotTakenForAnotherKind(@ForAll("contents") Content content, @ForAll RecordKind kind) {
        if (kind != content.kind()) {
            var octets = ContentCodec.write(content, new UUID(1, 1), new UUID(1, 1));
            assertThrows(IllegalArgumentException.class, () -> ContentCodec.read(octets, kind, ID, 5));
        }
    }

    /** Bytes that are no content end in the codec's own error, never in another. */
    @Property
    void anyBytesAreReadOrRefused(@ForAll byte[] octets, @ForAll RecordKind kind) {
        try {
            assertEquals(kind, ContentCodec.read(octets, kind, ID, 5).content().kind());
        } catch (IllegalArgumentException expected) {
            assertEquals("a record's content is malformed", expected.getMessage());
        }
    }

    @Property
    void aDamagedContentIsReadOrRefused(
            @ForAll("contents") Content content, @ForAll int position, @ForAll byte change) {
        var octets = ContentCodec.write(content, new UUID(1, 1), new UUID(2, 2));
        octets[Math.floorMod(position, octets.length)] ^= change;
        anyBytesAreReadOrRefused(octets, content.kind());
    }

    @Provide
    Arbitrary<UUID> commands() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(UUID::new);
    }

    @Provide
    Arbitrary<Content> contents() {
        return Arbitraries.oneOf(
                keys(),
                multiRegionKeys(),
                grants(),
                Combinators.combine(text(), times()).as(Content.NodeClock::new),
                Combinators.combine(scopes(), text(), Arbitraries.of(TrackedUse.class), times(), commands())
                        .as((scope, id, use, time, request) ->
                                new Content.KeyUsage(new KeyName(scope, id), new LastUse(use, time, request))),
                Combinators.combine(octets(16), text(), text(), octets(16), octets(81))
                        .as(Content.BackingKey::new),
                Combinators.combine(scopes(), text(), text(), times(), times())
                        .as((scope, name, target, created, updated) -> new Content.Alias(
                                new AliasRecord(STAMP, new AliasName(scope, name), target, created, updated))),
                Combinators.combine(scopes(), text(), text().list().ofMaxSize(5))
                        .as((scope, key, names) -> new Content.KeyAliases(new KeyName(scope, key), names)),
                Combinators.combine(text(), text(), text(), octets(89))
                        .as((id, account, arn, secret) -> new Content.AccessKey(
                                new IdentityRecord.AccessKey(
                                        new CallerIdentity(STAMP, id, account, arn), secret.at(0) > 0, THEN),
                                secret)),
                identities(),
                Combinators.combine(
                                text().ofMinLength(1).ofMaxLength(100),
                                Arbitraries.of(Role.class),
                                text().set().ofMaxSize(3),
                                text().set().ofMaxSize(3),
                                octets(16),
                                octets(32))
                        .as((name, role, accounts, regions, salt, hash) -> new Content.User(
                                new HsmUser(name, role, accounts, regions, new CredentialVerifier(salt, hash)))),
                Combinators.combine(octets(16), times()).as(Content.Cluster::new));
    }

    private Arbitrary<Content> identities() {
        var tags = Arbitraries.maps(text(), text()).ofMaxSize(3);
        var holders = Combinators.combine(text(), text(), tags, tags)
                .as((arn, id, tag, inline) -> new HolderRecord(STAMP, arn, id, tag, inline));
        var terms = Combinators.combine(text(), Arbitraries.integers().greaterOrEqual(0))
                .as(IdentityRecord.RoleTerms::new);
        var names = text().list().ofMaxSize(3);
        return Arbitraries.<IdentityRecord>oneOf(
                        Combinators.combine(text(), Arbitraries.of(true, false), times())
                                .as((id, open, time) -> new IdentityRecord.Account(STAMP, id, open, time)),
                        Combinators.combine(holders, times(), names, text().optional(), terms.optional())
                                .as(IdentityRecord.Principal::new),
                        Combinators.combine(text(), text(), times(), times())
                                .as((arn, document, created, updated) -> new IdentityRecord.ManagedPolicy(
                                        new PolicyRecord(STAMP, arn, document), created, updated)),
                        Combinators.combine(text(), names, text(), times())
                                .as((arn, clients, keys, time) ->
                                        new IdentityRecord.OidcProvider(STAMP, arn, clients, keys, time)))
                .map(Content.Identity::new);
    }

    private Arbitrary<Content> keys() {
        var attributes = Combinators.combine(
                        Arbitraries.of(KeySpec.class),
                        Arbitraries.of(KeyUsage.class),
                        Arbitraries.of(Origin.class),
                        Arbitraries.of(true, false),
                        times())
                .as(KeyRecord.Attributes::new);
        var lifecycles = Combinators.combine(
                        Arbitraries.of(KeyState.class),
                        times().optional(),
                        Arbitraries.integers().between(0, 30))
                .as(KeyRecord.Lifecycle::new);
        var tags = Combinators.combine(text(), text())
                .as(KeyRecord.Tag::new)
                .list()
                .ofMaxSize(3);
        var documents = Combinators.combine(text(), text(), tags).as(KeyRecord.Documents::new);
        return Combinators.combine(scopes(), text(), attributes, lifecycles, documents, materials(Optional.empty()))
                .as((scope, id, a, l, d, m) ->
                        new Content.Key(regional(new KeyRecord(STAMP, new KeyName(scope, id), a, l, d, m))));
    }

    private Arbitrary<Content> grants() {
        var pairs = Arbitraries.maps(text(), text()).ofMaxSize(3).optional();
        var constraints = Combinators.combine(pairs, pairs, text().optional()).as(GrantRecord.Constraints::new);
        var terms = Combinators.combine(text(), text().optional(), text().list().ofMaxSize(3), constraints, text())
                .as(GrantRecord.Terms::new);
        return Combinators.combine(scopes(), text(), text(), terms, text(), times())
                .as((scope, key, id, t, account, created) ->
                        new Content.Grant(new GrantRecord(STAMP, new KeyName(scope, key), id, t, account, created)));
    }

    private static KeyRecord regional(KeyRecord key) {
        return key.attributes().multiRegion() ? Content.MultiRegionKey.regional(key) : key;
    }

    private Arbitrary<Content> multiRegionKeys() {
        var regions = Combinators.combine(text(), text().list().ofMaxSize(3))
                .as((primary, replicas) -> new KeyRecord.MultiRegion(STAMP, primary, replicas));
        return Combinators.combine(text(), text(), regions.flatMap(shared -> materials(Optional.of(shared))))
                .as(Content.MultiRegionKey::new);
    }

    private Arbitrary<KeyRecord.Material> materials(Optional<KeyRecord.MultiRegion> regions) {
        var imports = Combinators.combine(Arbitraries.of(true, false), times().optional(), text())
                .as(KeyRecord.ImportedMaterial::new);
        var generations = Combinators.combine(
                        octets(16),
                        times(),
                        Arbitraries.of(MaterialState.class),
                        Arbitraries.of(RotationType.class).optional(),
                        imports.optional())
                .as((id, time, state, type, imported) ->
                        new KeyRecord.BackingKey(id, Digests.materialId(id), time, state, type, imported))
                .list()
                .ofMaxSize(3);
        var rotations = Combinators.combine(Arbitraries.integers().between(90, 2_560), times())
                .as(KeyRecord.Rotation::new);
        return Combinators.combine(generations, octets(91).optional(), rotations.optional())
                .as((list, publicKey, rotation) -> new KeyRecord.Material(list, publicKey, rotation, regions));
    }

    private static Arbitrary<Scope> scopes() {
        return Combinators.combine(text(), text()).as(Scope::new);
    }

    /** Text as protobuf can carry it: no lone surrogates. */
    private static StringArbitrary text() {
        return Arbitraries.strings()
                .withCharRange('\0', '\ud7ff')
                .withCharRange('\ue000', '\uffff')
                .ofMaxLength(40);
    }

    private static Arbitrary<Bytes> octets(int length) {
        return Arbitraries.bytes().array(byte[].class).ofSize(length).map(Bytes::wrap);
    }

    private static Arbitrary<Instant> times() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 253_402_300_799L),
                        Arbitraries.integers().between(0, 999_999_999))
                .as(Instant::ofEpochSecond);
    }
}
