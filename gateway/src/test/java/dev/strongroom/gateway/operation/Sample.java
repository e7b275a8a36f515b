package dev.strongroom.gateway.operation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.strongroom.api.KeySpecs;
import dev.strongroom.gateway.authz.Caller;
import dev.strongroom.gateway.authz.KeyPolicy;
import dev.strongroom.gateway.authz.RequestEnvironment;
import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.AliasRecord;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.CiphertextBlob;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.MaterialState;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.RotationType;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Records as tests want them. */
final class Sample {

    static final String ACCOUNT = "111122223333";
    static final String REGION = "eu-central-1";
    static final Scope SCOPE = new Scope(ACCOUNT, REGION);
    static final String ROOT = "arn:aws:iam::111122223333:root";
    static final Caller CALLER =
            new Caller(new CallerIdentity(new Stamp(7, 7, 1), "AKIAIOSFODNN7EXAMPLE", ACCOUNT, ROOT));

    static final RequestEnvironment ENVIRONMENT = new RequestEnvironment(
            Instant.parse("2026-11-20T10:00:00Z"),
            Optional.of("203.0.113.7"),
            true,
            Optional.of("aws-cli/2"),
            Optional.empty(),
            REGION,
            Optional.empty());

    /** The key that most tests are about, and others. */
    static final String ID = "1234abcd-12ab-34cd-56ef-1234567890ab";

    static final String OTHER_ID = "0987dcba-09fe-87dc-65ba-ab0987654321";
    static final String MRK_ID = "mrk-1234abcd12ab34cd56ef1234567890ab";

    static final Instant CREATED = Instant.parse("2026-11-01T10:00:00Z");

    /** What every key pair here shows. */
    static final Bytes PUBLIC_KEY = Bytes.wrap(new byte[] {0x30, 0x00});

    private static final Pattern SHORTHAND = Pattern.compile("<(?:([A-Z]\\w*)(\\.arn|\\.blob)?|(\\d+) (bytes|.))>");

    private Sample() {}

    static String arn(String id) {
        return "arn:aws:kms:eu-central-1:111122223333:key/" + id;
    }

    /**
     * A text with its shorthands written out: {@code <RSA>}, {@code <RSA.arn>}, {@code <RSA.blob>} for key id, key ARN and
     * a ciphertext of the key of that name, {@code <3 x>} for xxx, {@code <3 bytes>} for as many in base64.
     */
    static String expand(String text) {
        return SHORTHAND.matcher(text).replaceAll(match -> {
            if (match.group(4) != null) {
                int count = Integer.parseInt(match.group(3));
                var unit = match.group(4);
                return unit.equals("bytes") ? Base64.getEncoder().encodeToString(new byte[count]) : unit.repeat(count);
            }
            var id = id(match.group(1));
            var form = String.valueOf(match.group(2));
            return form.equals(".arn") ? arn(id) : form.equals(".blob") ? blob(id) : id;
        });
    }

    /** {@link #expand}, and apostrophes become quotes, backticks quotes inside a text. */
    static String json(String text) {
        return expand(text.replace('\'', '"').replace("`", "\\\""));
    }

    static String id(String name) {
        return switch (name) {
            case "ID" -> ID;
            case "OTHER" -> OTHER_ID;
            case "MRK" -> MRK_ID;
            default -> UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString();
        };
    }

    /** To decrypt, on the key of that id, for alice. */
    static GrantRecord grant(String keyId, int number) {
        return new GrantRecord(
                new Stamp(2, number, 6),
                new KeyName(SCOPE, keyId),
                String.valueOf(number).repeat(64),
                new GrantRecord.Terms(
                        "arn:aws:iam::111122223333:user/alice",
                        Optional.empty(),
                        List.of("Decrypt"),
                        new GrantRecord.Constraints(Optional.empty(), Optional.empty(), Optional.empty()),
                        ""),
                ACCOUNT,
                CREATED);
    }

    static KeyRecord key(KeyState state) {
        return key(ID, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, state);
    }

    static KeyRecord key(String id, KeySpec spec, KeyUsage usage, KeyState state) {
        boolean pending = state == KeyState.PENDING_DELETION || state == KeyState.PENDING_REPLICA_DELETION;
        var date = state == KeyState.PENDING_DELETION
                ? Optional.of(Instant.parse("2026-12-01T10:00:00Z"))
                : Optional.<Instant>empty();
        return new KeyRecord(
                new Stamp(1, id.hashCode(), 5),
                new KeyName(SCOPE, id),
                new KeyRecord.Attributes(spec, usage, origin(state), id.startsWith("mrk-"), CREATED),
                new KeyRecord.Lifecycle(state, date, pending ? 30 : 0),
                new KeyRecord.Documents("a key", KeyPolicy.defaultText(ACCOUNT), List.of()),
                material(id, KeySpecs.isAsymmetric(spec.name()) ? Optional.of(PUBLIC_KEY) : Optional.empty()));
    }

    /** Only keys of these origins come into these states. */
    private static Origin origin(KeyState state) {
        return switch (state) {
            case PENDING_IMPORT -> Origin.EXTERNAL;
            case UNAVAILABLE -> Origin.AWS_CLOUDHSM;
            default -> Origin.AWS_KMS;
        };
    }

    private static KeyRecord.Material material(String id, Optional<Bytes> publicKey) {
        var first = KeyRecord.BackingKey.first(backingId(id, 1), materialId(id, 1), CREATED)
                .with(MaterialState.NON_CURRENT);
        var second = new KeyRecord.BackingKey(
                backingId(id, 2),
                materialId(id, 2),
                CREATED,
                MaterialState.CURRENT,
                Optional.of(RotationType.ON_DEMAND),
                Optional.empty());
        return new KeyRecord.Material(
                List.of(first, second),
                publicKey,
                Optional.empty(),
                id.startsWith("mrk-")
                        ? Optional.of(new KeyRecord.MultiRegion(new Stamp(3, id.hashCode(), 4), REGION, List.of()))
                        : Optional.empty());
    }

    static KeyRecord tagged(KeyRecord key, List<KeyRecord.Tag> tags) {
        var documents = key.documents();
        return key.with(new KeyRecord.Documents(documents.description(), documents.policy(), tags));
    }

    static AliasRecord alias(String name, String targetKeyId) {
        return new AliasRecord(
                new Stamp(2, name.hashCode(), 9), new AliasName(SCOPE, name), targetKeyId, CREATED, CREATED);
    }

    static String materialId(String keyId, int generation) {
        return backingId(keyId, generation).toHex().repeat(2);
    }

    private static Bytes backingId(String keyId, int generation) {
        var id = new byte[CiphertextBlob.ID_BYTES];
        for (int i = 0; i < 4; i++) {
            id[i] = (byte) (keyId.hashCode() >> (8 * i));
        }
        id[15] = (byte) generation;
        return Bytes.wrap(id);
    }

    /** A well-formed blob, in base64, that says it was made under the current material of that key. */
    static String blob(String keyId) {
        return Base64.getEncoder().encodeToString(blobBytes(keyId, 2));
    }

    static byte[] blobBytes(String keyId, int generation) {
        var blob = new byte[CiphertextBlob.HEADER_BYTES + CiphertextBlob.TAG_BYTES + 1];
        CiphertextBlob.begin(blob, backingId(keyId, generation), new byte[CiphertextBlob.RANDOM_BYTES]);
        return blob;
    }
}
