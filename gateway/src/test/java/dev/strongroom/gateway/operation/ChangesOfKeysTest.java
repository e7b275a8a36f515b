package dev.strongroom.gateway.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.gateway.authz.KeyPolicy;
import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Reply;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.kms.model.AliasListEntry;
import software.amazon.awssdk.services.kms.model.CancelKeyDeletionResponse;
import software.amazon.awssdk.services.kms.model.CreateKeyResponse;
import software.amazon.awssdk.services.kms.model.GetKeyPolicyResponse;
import software.amazon.awssdk.services.kms.model.ListAliasesResponse;
import software.amazon.awssdk.services.kms.model.ScheduleKeyDeletionResponse;

/** Keys, aliases, policies and tags: the command that each change comes to, and the response made of the reply. */
class ChangesOfKeysTest {

    private static final List<KeyRecord.Tag> TAGS = tags("a=1 b=2 c=3");
    private static final KeyRecord KEY = Sample.tagged(Sample.key(KeyState.ENABLED), TAGS);
    private static final KeyRecord OTHER =
            Sample.key(Sample.OTHER_ID, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, KeyState.ENABLED);
    private static final KeyRecord MRK =
            Sample.key(Sample.MRK_ID, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, KeyState.PENDING_DELETION);
    private static final World WORLD = World.of(KEY, OTHER, MRK).with(Sample.alias("alias/it", Sample.ID));

    private static final Authority OF_KEY =
            new Authority(KEY.stamp(), List.of(Sample.CALLER.identity().stamp()));

    @Test
    void changesOfStateAreAskedForEvenIfTheRecordIsThere() {
        assertEquals(new KeyChange.SetState(KeyState.ENABLED), change("EnableKey", "{'KeyId':'<ID>'}"));
        assertEquals(new KeyChange.SetState(KeyState.DISABLED), change("DisableKey", "{'KeyId':'<ID.arn>'}"));
        assertEquals(
                new KeyChange.SetDescription("new"),
                change("UpdateKeyDescription", "{'KeyId':'<ID>','Description':'new'}"));
    }

    @Test
    void aDecisionAboutAMultiRegionKeyRestsOnWhatItsRegionsShareToo() {
        var command =
                WORLD.command(ChangeCommand.ChangeKey.class, "CancelKeyDeletion", Sample.json("{'KeyId':'<MRK>'}"));
        var shared = MRK.material().multiRegion().orElseThrow().stamp();
        assertEquals(
                new Authority(MRK.stamp(), List.of(Sample.CALLER.identity().stamp(), shared)), command.authority());
    }

    @ParameterizedTest
    @CsvSource({"'', 30", "',\"PendingWindowInDays\":7', 7", "',\"PendingWindowInDays\":30', 30"})
    void deletionIsScheduledWithinTheWindow(String more, int days) {
        assertEquals(
                new KeyChange.ScheduleDeletion(days), change("ScheduleKeyDeletion", "{'KeyId':'<ID>'" + more + "}"));
    }

    @Test
    void scheduledDeletionIsAnsweredAsTheNodeSetIt() {
        var response = WORLD.answer(
                ScheduleKeyDeletionResponse.class,
                "ScheduleKeyDeletion",
                Sample.json("{'KeyId':'<ID>'}"),
                new Reply.ChangedKey(Sample.key(KeyState.PENDING_DELETION)));
        assertEquals(
                ScheduleKeyDeletionResponse.builder()
                        .keyId(Sample.arn(Sample.ID))
                        .deletionDate(Instant.parse("2026-12-01T10:00:00Z"))
                        .keyState("PendingDeletion")
                        .pendingWindowInDays(30)
                        .build(),
                response);
    }

    @Test
    void cancelledDeletionIsAnsweredWithTheArn() {
        var json = Sample.json("{'KeyId':'<MRK>'}");
        assertEquals(new KeyChange.CancelDeletion(), change("CancelKeyDeletion", json));
        assertEquals(
                CancelKeyDeletionResponse.builder()
                        .keyId(Sample.arn(Sample.MRK_ID))
                        .build(),
                WORLD.answer(CancelKeyDeletionResponse.class, "CancelKeyDeletion", json, new Reply.ChangedKey(MRK)));
    }

    @Test
    void aNewKeyIsSymmetricUnlessAskedOtherwise() {
        var command = WORLD.command(ChangeCommand.CreateKey.class, "CreateKey", "{}");
        assertEquals(
                new ChangeCommand.NewKey(KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, Origin.AWS_KMS, false),
                command.key());
        assertEquals(
                new KeyRecord.Documents("", KeyPolicy.defaultText(Sample.ACCOUNT), List.of()), command.documents());
        assertEquals(List.of(Sample.CALLER.identity().stamp()), command.authority());
        assertEquals(Sample.SCOPE, command.name().scope());
        assertTrue(command.name().keyId().matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"));
    }

    @Test
    void aNewKeyHasWhatItsMakerSays() {
        var policy = KeyPolicy.defaultText(Sample.ACCOUNT).replace("key-default-1", "mine");
        var json = Sample.json("{'MultiRegion':true,'Description':'new','Tags':[{'TagKey':'b','TagValue':'1'},"
                + "{'TagKey':'a','TagValue':''}],'Policy':'POLICY'}");
        var command = WORLD.command(
                ChangeCommand.CreateKey.class,
                "CreateKey",
                json.replace("POLICY", policy.replace("\"", "\\\"").replace("\n", "\\n")));
        assertTrue(command.key().multiRegion());
        assertTrue(command.name().keyId().matches("mrk-[0-9a-f]{32}"));
        assertEquals(new KeyRecord.Documents("new", policy, tags("b=1 a=")), command.documents());
    }

    @Test
    void aNewKeyIsAnsweredAsDescribed() {
        var response = WORLD.answer(CreateKeyResponse.class, "CreateKey", "{}", new Reply.ChangedKey(KEY));
        assertEquals(KeyMetadataView.of(KEY), response.keyMetadata());
    }

    @ParameterizedTest
    @ValueSource(strings = {"'Origin':'AWS_CLOUDHSM'", "'CustomKeyStoreId':'cks-1234'", "'XksKeyId':'x'"})
    void whatIsNotBuiltIsNotSupported(String members) {
        var outcome = WORLD.outcome("CreateKey", Sample.json("{" + members + "}"));
        assertTrue(outcome.startsWith("UnsupportedOperationException"), outcome);
    }

    @Test
    void policiesAreKeptToTheLetter() {
        var policy = "  {\t\"Statement\":{ \"Effect\" :\"Allow\",\"Principal\":\"*\",\"Action\":\"kms:\\u002a\","
                + "\"Resource\":\"*\"} }\n";
        var json = "{'KeyId':'<ID>','PolicyName':'default','Policy':'";
        var text = policy.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\t", "\\t");
        assertEquals(new KeyChange.SetPolicy(policy), changeOf("PutKeyPolicy", Sample.json(json) + text + "\"}"));
        assertEquals(
                GetKeyPolicyResponse.builder()
                        .policy(KEY.documents().policy().text())
                        .policyName("default")
                        .build(),
                WORLD.answer(GetKeyPolicyResponse.class, "GetKeyPolicy", Sample.json("{'KeyId':'<ID>'}")));
    }

    @ParameterizedTest
    @CsvSource({
        "a=9, a=9 b=2 c=3",
        "d=4, a=1 b=2 c=3 d=4",
        "e=5 b=0 d=4, a=1 b=0 c=3 e=5 d=4",
        "A=1, a=1 b=2 c=3 A=1",
        "b=, a=1 b= c=3"
    })
    void tagsAreOverwrittenInPlaceAndAppended(String added, String expected) {
        var json = "{'KeyId':'<ID>','Tags':["
                + tags(added).stream()
                        .map(tag -> "{'TagKey':'" + tag.key() + "','TagValue':'" + tag.value() + "'}")
                        .collect(Collectors.joining(","))
                + "]}";
        assertEquals(new KeyChange.SetTags(tags(expected)), change("TagResource", json));
    }

    @ParameterizedTest
    @CsvSource({"'b', a=1 c=3", "'x', a=1 b=2 c=3", "'A', a=1 b=2 c=3", "'c b', a=1", "'a b c', ''"})
    void tagsAreRemovedAndUnknownOnesIgnored(String removed, String expected) {
        var json = "{'KeyId':'<ID>','TagKeys':['" + removed.replace(" ", "','") + "']}";
        assertEquals(new KeyChange.SetTags(tags(expected)), change("UntagResource", json));
    }

    @Test
    void fiftyTagsAreTheLimitOverwrittenOnesNotCounted() {
        var fifty = IntStream.range(0, 50)
                .mapToObj(i -> "{'TagKey':'t" + i + "','TagValue':''}")
                .collect(Collectors.joining(","));
        var create = Sample.json("{'Tags':[" + fifty + "]}");
        assertEquals("ok", WORLD.outcome("CreateKey", create));
        var tooMany = Sample.json("{'Tags':[" + fifty + ",{'TagKey':'x','TagValue':''}]}");
        assertEquals("TagException: Too many tags", WORLD.outcome("CreateKey", tooMany));
        var full = World.of(Sample.tagged(
                KEY,
                IntStream.range(0, 50)
                        .mapToObj(i -> new KeyRecord.Tag("t" + i, ""))
                        .toList()));
        var overwrite = Sample.json("{'KeyId':'<ID>','Tags':[{'TagKey':'t7','TagValue':'new'}]}");
        assertEquals("ok", full.outcome("TagResource", overwrite));
    }

    @Test
    void aliasesAreMadeMovedAndRemovedOnTheirStamps() {
        var alias = Sample.alias("alias/it", Sample.ID).stamp();
        var caller = Sample.CALLER.identity().stamp();
        var create = WORLD.command(
                ChangeCommand.CreateAlias.class,
                "CreateAlias",
                Sample.json("{'AliasName':'alias/new/one_-','TargetKeyId':'<ID.arn>'}"));
        assertEquals(new AliasName(Sample.SCOPE, "alias/new/one_-"), create.name());
        assertEquals(OF_KEY, create.target());
        var update = WORLD.command(
                ChangeCommand.UpdateAlias.class,
                "UpdateAlias",
                Sample.json("{'AliasName':'alias/it','TargetKeyId':'<OTHER>'}"));
        assertEquals(alias, update.alias());
        assertEquals(OTHER.stamp(), update.target().key());
        assertEquals(List.of(caller, KEY.stamp()), update.target().others());
        var delete =
                WORLD.command(ChangeCommand.DeleteAlias.class, "DeleteAlias", Sample.json("{'AliasName':'alias/it'}"));
        assertEquals(alias, delete.alias());
        assertEquals(List.of(caller, KEY.stamp()), delete.authority());
    }

    @ParameterizedTest
    @CsvSource({
        "alias/,ValidationException: alias/ contains invalid characters for an alias",
        "alias/aws,ok",
        "alias/awsome,ok",
        "alias/AWS/x,ok",
        "Alias/x,ValidationException: Alias must start with the prefix \"alias/\". Please see"
                + " https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html"
    })
    void namesOfAliases(String name, String outcome) {
        assertEquals(
                outcome,
                WORLD.outcome("CreateAlias", Sample.json("{'AliasName':'" + name + "','TargetKeyId':'<ID>'}")));
    }

    @Test
    void aliasesAreListedWithTheBareIdsOfTheirKeys() {
        var response = WORLD.answer(
                ListAliasesResponse.class,
                "ListAliases",
                "{}",
                new Reply.AliasPage(List.of(Sample.alias("alias/it", Sample.ID)), false, 3));
        assertEquals(
                List.of(AliasListEntry.builder()
                        .aliasName("alias/it")
                        .aliasArn("arn:aws:kms:eu-central-1:111122223333:alias/it")
                        .targetKeyId(Sample.ID)
                        .creationDate(Sample.CREATED)
                        .lastUpdatedDate(Sample.CREATED)
                        .build()),
                response.aliases());
    }

    private static KeyChange change(String operation, String request) {
        return changeOf(operation, Sample.json(request));
    }

    private static KeyChange changeOf(String operation, String json) {
        var command = WORLD.command(ChangeCommand.ChangeKey.class, operation, json);
        if (!operation.equals("CancelKeyDeletion")) {
            assertEquals(OF_KEY, command.authority());
        }
        return command.change();
    }

    private static List<KeyRecord.Tag> tags(String text) {
        return text.isEmpty()
                ? List.of()
                : List.of(text.split(" ", -1)).stream()
                        .map(tag -> new KeyRecord.Tag(
                                tag.substring(0, tag.indexOf('=')), tag.substring(tag.indexOf('=') + 1)))
                        .toList();
    }
}
