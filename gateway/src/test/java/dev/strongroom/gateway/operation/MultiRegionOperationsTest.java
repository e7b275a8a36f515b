package dev.strongroom.gateway.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.strongroom.gateway.authz.KeyPolicy;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.kms.model.MultiRegionKey;
import software.amazon.awssdk.services.kms.model.MultiRegionKeyType;
import software.amazon.awssdk.services.kms.model.ReplicateKeyResponse;
import software.amazon.awssdk.services.kms.model.Tag;

/** Replicas and primaries: what is checked before the HSM is asked, the command, the response made of the reply. */
class MultiRegionOperationsTest {

    private static final String AWAY = "us-east-1";
    private static final Stamp SHARED = new Stamp(3, 3, 3);
    private static final KeyRecord PRIMARY = inRegion(Sample.REGION, Sample.MRK_ID, KeyState.ENABLED, Sample.REGION);
    private static final KeyRecord REPLICA = inRegion(AWAY, Sample.MRK_ID, KeyState.ENABLED, Sample.REGION);
    private static final World WORLD = world();

    private static KeyRecord inRegion(String region, String id, KeyState state, String primary) {
        var key = Sample.key(id, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, state);
        var material = key.material();
        return new KeyRecord(
                new Stamp(9, region.hashCode(), 5),
                new KeyName(new Scope(Sample.ACCOUNT, region), id),
                key.attributes(),
                key.lifecycle(),
                new KeyRecord.Documents("", KeyPolicy.defaultText(Sample.ACCOUNT), List.of()),
                new KeyRecord.Material(
                        material.backingKeys(),
                        material.publicKey(),
                        material.rotation(),
                        Optional.of(new KeyRecord.MultiRegion(
                                SHARED, primary, List.of(primary.equals(AWAY) ? Sample.REGION : AWAY)))));
    }

    /** The id of a multi-Region key in a state. */
    private static String id(KeyState state) {
        return "mrk-" + "%032x".formatted(state.name().hashCode() & 0xffffffffL);
    }

    /** The id of an enabled multi-Region key whose replica is in a state. */
    private static String idOfReplica(KeyState state) {
        return "mrk-e" + "%031x".formatted(state.name().hashCode() & 0xffffffffL);
    }

    private static World world() {
        var keys = new ArrayList<KeyRecord>();
        keys.add(Sample.key(KeyState.ENABLED));
        keys.add(PRIMARY);
        keys.add(REPLICA);
        for (var state : KeyState.values()) {
            keys.add(inRegion(Sample.REGION, id(state), state, Sample.REGION));
            keys.add(inRegion(AWAY, id(state), KeyState.ENABLED, Sample.REGION));
            keys.add(inRegion(Sample.REGION, idOfReplica(state), KeyState.ENABLED, Sample.REGION));
            keys.add(inRegion(AWAY, idOfReplica(state), state, Sample.REGION));
        }
        keys.add(inRegion(Sample.REGION, "mrk-" + "f".repeat(32), KeyState.ENABLED, AWAY));
        keys.add(inRegion(AWAY, "mrk-" + "f".repeat(32), KeyState.ENABLED, AWAY));
        return new World(List.copyOf(keys), List.of());
    }

    private static final String TABLE = """
            62 | ReplicateKey | {'KeyId':'mrk-<32 f>','ReplicaRegion':'ap-south-1'} | UnsupportedOperationException: arn:aws:kms:eu-central-1:111122223333:key/mrk-<32 f> is not a multi-region primary key.
            62 | ReplicateKey | {'KeyId':'<ID>','ReplicaRegion':'ap-south-1'} | UnsupportedOperationException: <ID.arn> is not a multi-region primary key.
            62 | UpdatePrimaryRegion | {'KeyId':'mrk-<32 f>','PrimaryRegion':'us-east-1'} | UnsupportedOperationException: arn:aws:kms:eu-central-1:111122223333:key/mrk-<32 f> is not a multi-region primary key.
            62 | UpdatePrimaryRegion | {'KeyId':'<ID>','PrimaryRegion':'ap-south-1'} | UnsupportedOperationException: <ID.arn> is not a multi-region primary key.
            6  | ReplicateKey | {'KeyId':'arn:aws:kms:us-east-1:111122223333:key/<MRK>','ReplicaRegion':'ap-south-1'} | NotFoundException: Invalid arn us-east-1
            6  | UpdatePrimaryRegion | {'KeyId':'arn:aws:kms:us-east-1:111122223333:key/<MRK>','PrimaryRegion':'ap-south-1'} | NotFoundException: Invalid arn us-east-1
            8  | ReplicateKey | {'KeyId':'alias/it','ReplicaRegion':'ap-south-1'} | InvalidArnException: Key Aliases are not supported for this operation.
            8  | UpdatePrimaryRegion | {'KeyId':'alias/it','PrimaryRegion':'ap-south-1'} | InvalidArnException: Key Aliases are not supported for this operation.
            0  | ReplicateKey | {'KeyId':'<MRK>','ReplicaRegion':'us-east-1'} | AlreadyExistsException: A key with the ARN arn:aws:kms:us-east-1:111122223333:key/<MRK> already exists
            0  | ReplicateKey | {'KeyId':'<MRK>','ReplicaRegion':'eu-central-1'} | ValidationException: The primary key is in Region eu-central-1 already.
            0  | UpdatePrimaryRegion | {'KeyId':'<MRK>','PrimaryRegion':'eu-central-1'} | ValidationException: The primary key is in Region eu-central-1 already.
            0  | ReplicateKey | {'KeyId':'<MRK>','ReplicaRegion':'cn-north-1'} | ValidationException: Region cn-north-1 is in another partition than Region eu-central-1.
            0  | ReplicateKey | {'KeyId':'<MRK>','ReplicaRegion':'us-gov-west-1'} | ValidationException: Region us-gov-west-1 is in another partition than Region eu-central-1.
            0  | ReplicateKey | {'KeyId':'<MRK>','ReplicaRegion':'Mars'} | ValidationException: 1 validation error detected: Value 'Mars' at 'replicaRegion' failed to satisfy constraint: Member must satisfy regular expression pattern: ^([a-z]+-){2,3}\\d+$
            0  | ReplicateKey | {'KeyId':'<MRK>','ReplicaRegion':'ap-south-1'} | ok
            5  | UpdatePrimaryRegion | {'KeyId':'<MRK>','PrimaryRegion':'ap-south-1'} | NotFoundException: Key 'arn:aws:kms:ap-south-1:111122223333:key/<MRK>' does not exist
            0  | UpdatePrimaryRegion | {'KeyId':'<MRK>','PrimaryRegion':'us-east-1'} | ok
            79 | ReplicateKey | {'KeyId':'<MRK>','ReplicaRegion':'ap-south-1','Tags':[{'TagKey':'a','TagValue':''},{'TagKey':'a','TagValue':''}]} | TagException: Duplicate tag keys
            89 | ReplicateKey | {'KeyId':'<MRK>','ReplicaRegion':'ap-south-1','Policy':'{`Statement`:[{`Effect`:`Allow`,`Principal`:`*`,`Action`:`kms:Get*`,`Resource`:`*`}]}'} | MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.
            """;

    private static Stream<Object[]> records() {
        return RecordedTextsTest.parse(TABLE);
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("records")
    void theHsmIsAskedOnlyForWhatCanBe(int number, String operation, String request, String outcome) {
        assertEquals(Sample.expand(outcome), WORLD.outcome(operation, Sample.json(request)));
    }

    private static final String STATES = """
            ENABLED | ok | ok
            DISABLED | DisabledException: <arn> is disabled. | DisabledException: <arn> is disabled.
            PENDING_DELETION | KMSInvalidStateException: <arn> is pending deletion. | KMSInvalidStateException: <arn> is pending deletion.
            PENDING_REPLICA_DELETION | KMSInvalidStateException: <arn> is pending replica deletion. | KMSInvalidStateException: <arn> is pending replica deletion.
            PENDING_IMPORT | KMSInvalidStateException: <arn> is pending import. | KMSInvalidStateException: <arn> is pending import.
            CREATING | KMSInvalidStateException: <arn> is creating. | KMSInvalidStateException: <arn> is creating.
            UPDATING | KMSInvalidStateException: <arn> is updating. | ok
            """;

    private static Stream<Object[]> states() {
        return STATES.lines().map(line -> line.split(" +\\| +", 3));
    }

    @ParameterizedTest
    @MethodSource("states")
    void theStateOfThePrimaryDecides(String state, String replicate, String update) {
        var id = id(KeyState.valueOf(state));
        var arn = Sample.arn(id);

        assertEquals(
                replicate.replace("<arn>", arn),
                WORLD.outcome("ReplicateKey", "{\"KeyId\":\"" + id + "\",\"ReplicaRegion\":\"ap-south-1\"}"));
        assertEquals(
                update.replace("<arn>", arn),
                WORLD.outcome("UpdatePrimaryRegion", "{\"KeyId\":\"" + id + "\",\"PrimaryRegion\":\"us-east-1\"}"));
        var nowhere =
                "NotFoundException: Key 'arn:aws:kms:ap-south-1:" + Sample.ACCOUNT + ":key/" + id + "' does not exist";
        assertEquals(
                update.equals("ok") ? nowhere : update.replace("<arn>", arn),
                WORLD.outcome("UpdatePrimaryRegion", "{\"KeyId\":\"" + id + "\",\"PrimaryRegion\":\"ap-south-1\"}"));
    }

    @ParameterizedTest
    @MethodSource("states")
    void theStateOfTheReplicaDecidesWhetherItBecomesThePrimary(String state, String replicate, String update) {
        var id = idOfReplica(KeyState.valueOf(state));
        var arn = "arn:aws:kms:us-east-1:" + Sample.ACCOUNT + ":key/" + id;

        assertEquals(
                update.replace("<arn>", arn),
                WORLD.outcome("UpdatePrimaryRegion", "{\"KeyId\":\"" + id + "\",\"PrimaryRegion\":\"us-east-1\"}"));
        assertEquals(
                "AlreadyExistsException: A key with the ARN " + arn + " already exists",
                WORLD.outcome("ReplicateKey", "{\"KeyId\":\"" + id + "\",\"ReplicaRegion\":\"us-east-1\"}"));
    }

    @Test
    void aReplicaIsMadeWithPapersOfItsOwn() {
        var command = WORLD.command(
                ChangeCommand.ReplicateKey.class,
                "ReplicateKey",
                Sample.json("{'KeyId':'<MRK>','ReplicaRegion':'ap-south-1','Description':'copy',"
                        + "'Tags':[{'TagKey':'a','TagValue':'b'}]}"));

        assertEquals(
                new Authority(PRIMARY.stamp(), List.of(Sample.CALLER.identity().stamp(), SHARED)), command.primary());
        assertEquals("ap-south-1", command.region());
        assertEquals(
                new KeyRecord.Documents(
                        "copy", KeyPolicy.defaultText(Sample.ACCOUNT), List.of(new KeyRecord.Tag("a", "b"))),
                command.documents());
    }

    @Test
    void aReplicaIsShownAsBeingCreated() {
        var response = WORLD.answer(
                ReplicateKeyResponse.class,
                "ReplicateKey",
                Sample.json("{'KeyId':'<MRK>','ReplicaRegion':'ap-south-1'}"),
                new Reply.ChangedKey(REPLICA));
        var metadata = response.replicaKeyMetadata();

        assertEquals("Creating", metadata.keyStateAsString());
        assertFalse(metadata.enabled());
        assertNull(metadata.currentKeyMaterialId());
        assertEquals("", metadata.description());
        assertEquals("arn:aws:kms:us-east-1:111122223333:key/" + Sample.MRK_ID, metadata.arn());
        assertEquals(
                MultiRegionKeyType.REPLICA, metadata.multiRegionConfiguration().multiRegionKeyType());
        assertEquals(
                MultiRegionKey.builder()
                        .arn(Sample.arn(Sample.MRK_ID))
                        .region(Sample.REGION)
                        .build(),
                metadata.multiRegionConfiguration().primaryKey());
        assertEquals(KeyPolicy.defaultText(Sample.ACCOUNT), response.replicaPolicy());
        assertFalse(response.hasReplicaTags());
    }

    @Test
    void theTagsOfAReplicaAreShownIfTheyWereGiven() {
        var response = WORLD.answer(
                ReplicateKeyResponse.class,
                "ReplicateKey",
                Sample.json("{'KeyId':'<MRK>','ReplicaRegion':'ap-south-1','Tags':[{'TagKey':'a','TagValue':'b'}]}"),
                new Reply.ChangedKey(REPLICA));

        assertEquals(List.of(Tag.builder().tagKey("a").tagValue("b").build()), response.replicaTags());
    }

    @Test
    void aPrimaryMovesOnTheWordOfBothKeys() {
        var command = WORLD.command(
                ChangeCommand.UpdatePrimaryRegion.class,
                "UpdatePrimaryRegion",
                Sample.json("{'KeyId':'<MRK>','PrimaryRegion':'us-east-1'}"));

        assertEquals(AWAY, command.region());
        assertEquals(
                new Authority(PRIMARY.stamp(), List.of(Sample.CALLER.identity().stamp(), SHARED, REPLICA.stamp())),
                command.primary());
    }

    @Test
    void whatTheNodeRefusesHasWordsOfItsOwn() {
        var json = Sample.json("{'KeyId':'<MRK>','ReplicaRegion':'ap-south-1'}");

        assertEquals(
                "AlreadyExistsException: A key with the ARN arn:aws:kms:ap-south-1:111122223333:key/" + Sample.MRK_ID
                        + " already exists",
                WORLD.refusal("ReplicateKey", json, new Refused(Refusal.ALREADY_EXISTS))
                        .orElseThrow()
                        .getMessage());
        assertEquals(
                "LimitExceededException: Key quota for this account in this region is 100000 but the current usage is"
                        + " 100000.",
                WORLD.refusal("ReplicateKey", json, new Refused(Refusal.LIMIT_EXCEEDED, "100000"))
                        .orElseThrow()
                        .getMessage());
    }
}
