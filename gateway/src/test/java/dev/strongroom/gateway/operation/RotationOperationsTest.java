package dev.strongroom.gateway.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyRecord.BackingKey;
import dev.strongroom.hsm.protocol.KeyRecord.ImportedMaterial;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.MaterialState;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.RotationType;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.kms.model.DisableKeyRotationResponse;
import software.amazon.awssdk.services.kms.model.ExpirationModelType;
import software.amazon.awssdk.services.kms.model.GetKeyRotationStatusResponse;
import software.amazon.awssdk.services.kms.model.ListKeyRotationsResponse;
import software.amazon.awssdk.services.kms.model.RotateKeyOnDemandResponse;
import software.amazon.awssdk.services.kms.model.RotationsListEntry;

/** Rotation: the command that each operation comes to, its checks in their order, and what is shown. */
class RotationOperationsTest {

    private static final String KEY_ID = Sample.json("{'KeyId':'<ID>'}");
    private static final Instant NEXT = Instant.parse("2027-11-01T10:00:00Z");
    private static final KeyRecord KEY = Sample.key(KeyState.ENABLED);

    /** Number of the record where there is one, operation, request, outcome. */
    private static final String TEXTS = """
            34 | EnableKeyRotation | {'KeyId':'<ID>','RotationPeriodInDays':89} | ValidationException: 1 validation error detected: Value '89' at 'rotationPeriodInDays' failed to satisfy constraint: Member must have value greater than or equal to 90
            34 | EnableKeyRotation | {'KeyId':'<GONE>','RotationPeriodInDays':2561} | ValidationException: 1 validation error detected: Value '2561' at 'rotationPeriodInDays' failed to satisfy constraint: Member must have value less than or equal to 2560
            60 | EnableKeyRotation | {'KeyId':'<EXTERNAL>'} | UnsupportedOperationException: <EXTERNAL.arn> origin is EXTERNAL which is not valid for this operation.
            60 | DisableKeyRotation | {'KeyId':'<EXTERNAL>'} | UnsupportedOperationException: <EXTERNAL.arn> origin is EXTERNAL which is not valid for this operation.
            60 | EnableKeyRotation | {'KeyId':'<EXTERNAL_DISABLED>'} | UnsupportedOperationException: <EXTERNAL_DISABLED.arn> origin is EXTERNAL which is not valid for this operation.
            61 | EnableKeyRotation | {'KeyId':'<RSA>'} | UnsupportedOperationException
            61 | RotateKeyOnDemand | {'KeyId':'<RSA>'} | UnsupportedOperationException
            0  | ListKeyRotations | {'KeyId':'<RSA>'} | UnsupportedOperationException
            0  | DisableKeyRotation | {'KeyId':'<RSA>'} | ok
            0  | GetKeyRotationStatus | {'KeyId':'<RSA>'} | ok
            54 | EnableKeyRotation | {'KeyId':'<RSA_DISABLED>'} | DisabledException: <RSA_DISABLED.arn> is disabled.
            54 | DisableKeyRotation | {'KeyId':'<RSA_DISABLED>'} | DisabledException: <RSA_DISABLED.arn> is disabled.
            54 | RotateKeyOnDemand | {'KeyId':'<RSA_DISABLED>'} | DisabledException: <RSA_DISABLED.arn> is disabled.
            63 | RotateKeyOnDemand | {'KeyId':'<EXTERNAL>'} | KMSInvalidStateException: No available key material pending rotation for the key: <EXTERNAL.arn>.
            54 | RotateKeyOnDemand | {'KeyId':'<EXTERNAL_DISABLED>'} | DisabledException: <EXTERNAL_DISABLED.arn> is disabled.
            65 | RotateKeyOnDemand | {'KeyId':'<ROTATED>'} | LimitExceededException: The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: <ROTATED.arn>
            62 | EnableKeyRotation | {'KeyId':'<MRK>'} | UnsupportedOperationException: <MRK.arn> is not a multi-region primary key.
            62 | DisableKeyRotation | {'KeyId':'<MRK>'} | UnsupportedOperationException: <MRK.arn> is not a multi-region primary key.
            62 | RotateKeyOnDemand | {'KeyId':'<MRK>'} | UnsupportedOperationException: <MRK.arn> is not a multi-region primary key.
            0  | GetKeyRotationStatus | {'KeyId':'<MRK>'} | ok
            0  | ListKeyRotations | {'KeyId':'<MRK>'} | ok
            8  | RotateKeyOnDemand | {'KeyId':'alias/it'} | InvalidArnException: Key Aliases are not supported for this operation.
            8  | ListKeyRotations | {'KeyId':'alias/it'} | InvalidArnException: Key Aliases are not supported for this operation.
            """;

    private static final World WORLD = World.of(
            KEY,
            key("RSA", KeySpec.RSA_2048, KeyState.ENABLED),
            key("RSA_DISABLED", KeySpec.RSA_2048, KeyState.DISABLED),
            external("EXTERNAL", KeyState.ENABLED),
            external("EXTERNAL_DISABLED", KeyState.DISABLED),
            rotated(25),
            replica());

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("texts")
    void faultsAreFoundInTheMeasuredOrder(int number, String operation, String request, String outcome) {
        assertEquals(Sample.expand(outcome), WORLD.outcome(operation, Sample.json(request)));
    }

    private static Stream<Object[]> texts() {
        return RecordedTextsTest.parse(TEXTS);
    }

    @ParameterizedTest
    @CsvSource({"'', 365", "',\"RotationPeriodInDays\":90', 90", "',\"RotationPeriodInDays\":2560', 2560"})
    void rotationIsEnabledWithItsPeriod(String more, int days) {
        assertEquals(new KeyChange.SetRotation(days), change("EnableKeyRotation", "{'KeyId':'<ID>'" + more + "}"));
    }

    @Test
    void rotationIsDisabledAndDoneOnDemand() {
        assertEquals(new KeyChange.StopRotation(), change("DisableKeyRotation", "{'KeyId':'<ID.arn>'}"));
        assertEquals(new KeyChange.RotateOnDemand(), change("RotateKeyOnDemand", "{'KeyId':'<ID.arn>'}"));
    }

    @Test
    void rotationOnDemandIsAnsweredWithTheArn() {
        var response =
                WORLD.answer(RotateKeyOnDemandResponse.class, "RotateKeyOnDemand", KEY_ID, new Reply.ChangedKey(KEY));
        assertEquals(Sample.arn(Sample.ID), response.keyId());
    }

    @Test
    void whatTheNodeCountsIsRecord65Too() {
        var refused = WORLD.refusal("RotateKeyOnDemand", KEY_ID, new Refused(Refusal.LIMIT_EXCEEDED, "25"));
        assertEquals(
                "LimitExceededException: The on-demand rotations limit has been reached for the given keyId. No more"
                        + " on-demand rotations can be performed for this key: " + Sample.arn(Sample.ID),
                refused.orElseThrow().getMessage());
    }

    @Test
    void anAsymmetricKeyHasNothingToDisable() {
        assertEquals(
                DisableKeyRotationResponse.builder().build(),
                WORLD.answer(DisableKeyRotationResponse.class, "DisableKeyRotation", Sample.json("{'KeyId':'<RSA>'}")));
    }

    @Nested
    class GetKeyRotationStatus {

        @ParameterizedTest
        @EnumSource(
                value = KeyState.class,
                names = {"ENABLED", "DISABLED", "UPDATING", "CREATING"})
        void showsPeriodAndDateWhileRotationIsOn(KeyState state) {
            assertEquals(
                    GetKeyRotationStatusResponse.builder()
                            .keyId(Sample.arn(Sample.ID))
                            .keyRotationEnabled(true)
                            .rotationPeriodInDays(120)
                            .nextRotationDate(NEXT)
                            .build(),
                    status(rotating(state)));
        }

        @ParameterizedTest
        @EnumSource(
                value = KeyState.class,
                names = {"PENDING_DELETION", "PENDING_REPLICA_DELETION"})
        void showsNoneOfAKeyThatIsToBeDeleted(KeyState state) {
            assertEquals(off(), status(rotating(state)));
        }

        @Test
        void showsNothingElseWhileItIsOff() {
            assertEquals(off(), status(KEY));
        }

        private static KeyRecord rotating(KeyState state) {
            var key = Sample.key(state);
            return key.with(key.material().withRotation(Optional.of(new KeyRecord.Rotation(120, NEXT))));
        }

        private static GetKeyRotationStatusResponse off() {
            return GetKeyRotationStatusResponse.builder()
                    .keyId(Sample.arn(Sample.ID))
                    .keyRotationEnabled(false)
                    .build();
        }

        private static GetKeyRotationStatusResponse status(KeyRecord key) {
            return World.of(key).answer(GetKeyRotationStatusResponse.class, "GetKeyRotationStatus", KEY_ID);
        }
    }

    @Nested
    class ListKeyRotations {

        private static final String ALL = ",'IncludeKeyMaterial':'ALL_KEY_MATERIAL'";
        private static final World ROTATED = World.of(rotated(5), KEY);

        @Test
        void showsRotationsOnlyUnlessAskedForAllMaterial() {
            assertEquals(
                    List.of(RotationsListEntry.builder()
                            .keyId(Sample.arn(Sample.ID))
                            .keyMaterialId(Sample.materialId(Sample.ID, 2))
                            .keyMaterialState("CURRENT")
                            .rotationType("ON_DEMAND")
                            .rotationDate(Sample.CREATED)
                            .build()),
                    list(WORLD, "{'KeyId':'<ID>'}").rotations());
        }

        @Test
        void showsTheFirstMaterialWithoutARotation() {
            var all = list(WORLD, "{'KeyId':'<ID>'" + ALL + "}").rotations();
            assertEquals(2, all.size());
            assertEquals(
                    RotationsListEntry.builder()
                            .keyId(Sample.arn(Sample.ID))
                            .keyMaterialId(Sample.materialId(Sample.ID, 1))
                            .keyMaterialState("NON_CURRENT")
                            .build(),
                    all.get(0));
        }

        @Test
        void showsWhatIsImported() {
            var all = list(WORLD, "{'KeyId':'<EXTERNAL>'" + ALL + "}").rotations();
            assertEquals(
                    List.of("IMPORTED", "PENDING_IMPORT"),
                    all.stream().map(RotationsListEntry::importStateAsString).toList());
            assertEquals(ExpirationModelType.KEY_MATERIAL_EXPIRES, all.get(0).expirationModel());
            assertEquals(NEXT, all.get(0).validTo());
            assertEquals("from the safe", all.get(0).keyMaterialDescription());
            assertEquals(null, all.get(1).expirationModel());
            assertEquals(null, all.get(1).validTo());
        }

        @Test
        void goesOnWhereAPageEnds() {
            var seen = new ArrayList<String>();
            var response = list(ROTATED, "{'KeyId':'<ROTATED>','Limit':2}");
            for (int pages = 1; ; pages++) {
                response.rotations().forEach(each -> seen.add(each.keyMaterialId()));
                if (!response.truncated()) {
                    assertEquals(3, pages);
                    assertEquals(null, response.nextMarker());
                    break;
                }
                assertEquals(2, response.rotations().size());
                response = list(ROTATED, "{'KeyId':'<ROTATED>','Limit':2,'Marker':'" + response.nextMarker() + "'}");
            }
            assertEquals(
                    list(ROTATED, "{'KeyId':'<ROTATED>'}").rotations().stream()
                            .map(RotationsListEntry::keyMaterialId)
                            .toList(),
                    seen);
            assertEquals(5, seen.size());
        }

        @ParameterizedTest
        @CsvSource({"<ID>, ''", "<ROTATED>, ',\"IncludeKeyMaterial\":\"ALL_KEY_MATERIAL\"'"})
        void takesNoMarkerOfAnotherKeyOrFilter(String key, String more) {
            var marker = list(ROTATED, "{'KeyId':'<ROTATED>','Limit':2}").nextMarker();
            assertEquals(
                    "InvalidMarkerException: The marker is not valid for this list.",
                    ROTATED.outcome(
                            "ListKeyRotations",
                            Sample.json("{'KeyId':'" + key + "','Marker':'" + marker + "'" + more + "}")));
        }

        private static ListKeyRotationsResponse list(World world, String request) {
            return world.answer(ListKeyRotationsResponse.class, "ListKeyRotations", Sample.json(request));
        }
    }

    private static KeyChange change(String operation, String request) {
        return WORLD.command(ChangeCommand.ChangeKey.class, operation, Sample.json(request))
                .change();
    }

    private static KeyRecord key(String name, KeySpec spec, KeyState state) {
        var usage = spec == KeySpec.SYMMETRIC_DEFAULT ? KeyUsage.ENCRYPT_DECRYPT : KeyUsage.SIGN_VERIFY;
        return Sample.key(Sample.id(name), spec, usage, state);
    }

    /** A key of two imported generations of which the second is not there. */
    private static KeyRecord external(String name, KeyState state) {
        var key = key(name, KeySpec.SYMMETRIC_DEFAULT, state);
        var attributes = new KeyRecord.Attributes(
                KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, Origin.EXTERNAL, false, Sample.CREATED);
        var first = key.backingKeys()
                .get(0)
                .with(Optional.of(new ImportedMaterial(true, Optional.of(NEXT), "from the safe")));
        var second = key.backingKeys().get(1).with(Optional.of(new ImportedMaterial(false, Optional.empty(), "")));
        return new KeyRecord(
                key.stamp(),
                key.name(),
                attributes,
                key.lifecycle(),
                key.documents(),
                KeyRecord.Material.of(List.of(first, second)));
    }

    /** A key that was rotated on demand so many times. */
    private static KeyRecord rotated(int times) {
        var key = key("ROTATED", KeySpec.SYMMETRIC_DEFAULT, KeyState.ENABLED);
        var generations = new ArrayList<BackingKey>();
        generations.add(key.backingKeys().get(0));
        for (int i = 1; i <= times; i++) {
            var id = new byte[16];
            id[0] = (byte) i;
            generations.add(new BackingKey(
                    Bytes.wrap(id),
                    "%064x".formatted(i),
                    Sample.CREATED.plusSeconds(i),
                    i == times ? MaterialState.CURRENT : MaterialState.NON_CURRENT,
                    Optional.of(RotationType.ON_DEMAND),
                    Optional.empty()));
        }
        return key.with(KeyRecord.Material.of(generations));
    }

    private static KeyRecord replica() {
        var key = key("MRK", KeySpec.SYMMETRIC_DEFAULT, KeyState.ENABLED);
        return key.with(new KeyRecord.Material(
                key.backingKeys(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new KeyRecord.MultiRegion(new Stamp(3, 3, 3), "us-east-1", List.of(Sample.REGION)))));
    }
}
