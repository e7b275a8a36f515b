package dev.strongroom.gateway.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Page;
import dev.strongroom.hsm.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.kms.model.ListAliasesResponse;
import software.amazon.awssdk.services.kms.model.ListKeyPoliciesResponse;
import software.amazon.awssdk.services.kms.model.ListKeysResponse;
import software.amazon.awssdk.services.kms.model.ListResourceTagsResponse;
import software.amazon.awssdk.services.kms.model.Tag;

/** Pages of lists: sizes, markers, and markers that belong elsewhere. */
class MarkerTest {

    private static final int TAGS = 7;

    private static final List<KeyRecord.Tag> SEVEN = IntStream.range(0, TAGS)
            .mapToObj(i -> new KeyRecord.Tag("tag\n" + i + "é", "value " + i))
            .toList();

    private static final World WORLD = World.of(
            Sample.tagged(Sample.key(KeyState.ENABLED), SEVEN),
            Sample.tagged(
                    Sample.key(Sample.OTHER_ID, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, KeyState.ENABLED),
                    SEVEN));

    private static final String OF_KEYS = marker("ListKeys", "{}", new Reply.KeyPage(List.of(Sample.ID), true, 12));

    private static final String OF_ALIASES =
            marker("ListAliases", "{}", new Reply.AliasPage(List.of(Sample.alias("alias/a", Sample.ID)), true, 12));

    private static final String OF_ALIASES_OF_A_KEY = marker(
            "ListAliases",
            "{'KeyId':'<ID>'}",
            new Reply.AliasPage(List.of(Sample.alias("alias/a", Sample.ID)), true, 12));

    @ParameterizedTest
    @CsvSource({
        "ListKeys,, 100",
        "ListKeys, 7, 7",
        "ListKeys, 1000, 1000",
        "ListAliases,, 50",
        "ListAliases, 100, 100",
        "ListAliases, 101, 100"
    })
    void aPageHasTheAskedSizeOrTheOperationsOwn(String operation, Integer asked, int size) {
        var page = page(operation, asked == null ? "{}" : "{'Limit':" + asked + "}");
        assertEquals(new Page("", size, 0), page);
    }

    @Test
    void theNextPageBeginsAfterTheLastItemAndNotBeforeTheStateItWasReadIn() {
        assertEquals(new Page(Sample.ID, 100, 12), page("ListKeys", "{'Marker':'" + OF_KEYS + "'}"));
        assertEquals(new Page("alias/a", 3, 12), page("ListAliases", "{'Limit':3,'Marker':'" + OF_ALIASES + "'}"));
        var ofKey = "{'KeyId':'<ID.arn>','Marker':'" + OF_ALIASES_OF_A_KEY + "'}";
        assertEquals(new Page("alias/a", 50, 12), page("ListAliases", ofKey));
    }

    @Test
    void aMarkerThatWasChangedIsRefused() {
        for (int i = 0; i < OF_KEYS.length(); i++) {
            for (var other : List.of("", "A", "Q", "_", OF_KEYS.charAt(i) + "A")) {
                var changed = OF_KEYS.substring(0, i) + other + OF_KEYS.substring(i + 1);
                if (!changed.equals(OF_KEYS)) {
                    assertEquals(
                            "InvalidMarkerException: The marker is not valid for this list.",
                            WORLD.outcome("ListKeys", Sample.json("{'Marker':'" + changed + "'}")),
                            changed);
                }
            }
        }
    }

    @Test
    void aLastPageHasNoMarker() {
        var keys = WORLD.answer(
                ListKeysResponse.class, "ListKeys", "{}", new Reply.KeyPage(List.of(Sample.ID), false, 12));
        assertFalse(keys.truncated());
        assertEquals(null, keys.nextMarker());
        assertEquals(Sample.arn(Sample.ID), keys.keys().get(0).keyArn());
        var aliases =
                WORLD.answer(ListAliasesResponse.class, "ListAliases", "{}", new Reply.AliasPage(List.of(), false, 12));
        assertFalse(aliases.truncated());
        assertEquals(null, aliases.nextMarker());
        var policies = WORLD.answer(
                ListKeyPoliciesResponse.class, "ListKeyPolicies", Sample.json("{'KeyId':'<ID>','Marker':'x'}"));
        assertEquals(List.of("default"), policies.policyNames());
        assertFalse(policies.truncated());
        assertEquals(null, policies.nextMarker());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 7, 50, 1000})
    void pagesOfTagsJoinToTheWhole(int limit) {
        var all = new ArrayList<Tag>();
        var request = "{'KeyId':'<ID>','Limit':" + limit;
        var page = tags(request + "}");
        all.addAll(page.tags());
        while (page.truncated()) {
            assertEquals(limit, page.tags().size());
            page = tags(request + ",'Marker':'" + page.nextMarker() + "'}");
            all.addAll(page.tags());
            assertTrue(all.size() <= TAGS);
        }
        assertEquals(null, page.nextMarker());
        assertEquals(
                SEVEN,
                all.stream()
                        .map(tag -> new KeyRecord.Tag(tag.tagKey(), tag.tagValue()))
                        .toList());
    }

    @Test
    void aMarkerOfAnotherListIsRefused() {
        var ofTags = tags("{'KeyId':'<ID>','Limit':1}").nextMarker();
        for (var foreign : List.of(OF_ALIASES, OF_ALIASES_OF_A_KEY, ofTags)) {
            assertRefused("ListKeys", "{'Marker':'" + foreign + "'}");
        }
        for (var foreign : List.of(OF_KEYS, OF_ALIASES_OF_A_KEY, ofTags)) {
            assertRefused("ListAliases", "{'Marker':'" + foreign + "'}");
        }
        for (var foreign : List.of(OF_KEYS, OF_ALIASES, ofTags)) {
            assertRefused("ListAliases", "{'KeyId':'<ID>','Marker':'" + foreign + "'}");
        }
        for (var foreign : List.of(OF_KEYS, OF_ALIASES, OF_ALIASES_OF_A_KEY)) {
            assertRefused("ListResourceTags", "{'KeyId':'<ID>','Marker':'" + foreign + "'}");
        }
        assertRefused("ListAliases", "{'KeyId':'<OTHER>','Marker':'" + OF_ALIASES_OF_A_KEY + "'}");
        assertRefused("ListResourceTags", "{'KeyId':'<OTHER>','Marker':'" + ofTags + "'}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "====", "AAAA", "alias/a", "MQpMaXN0S2V5cwotMQph", "MgpMaXN0S2V5cwoxMgph", "é"})
    void garbageIsRefused(String marker) {
        assertRefused("ListKeys", "{'Marker':'" + marker + "'}");
    }

    private static String marker(String operation, String request, Reply reply) {
        return operation.equals("ListKeys")
                ? WORLD.answer(ListKeysResponse.class, operation, Sample.json(request), reply)
                        .nextMarker()
                : WORLD.answer(ListAliasesResponse.class, operation, Sample.json(request), reply)
                        .nextMarker();
    }

    private static Page page(String operation, String request) {
        var json = Sample.json(request);
        return operation.equals("ListKeys")
                ? WORLD.command(LookupCommand.ListKeys.class, operation, json).page()
                : WORLD.command(LookupCommand.ListAliases.class, operation, json)
                        .page();
    }

    private static ListResourceTagsResponse tags(String request) {
        return WORLD.answer(ListResourceTagsResponse.class, "ListResourceTags", Sample.json(request));
    }

    private static void assertRefused(String operation, String request) {
        assertEquals(
                "InvalidMarkerException: The marker is not valid for this list.",
                WORLD.outcome(operation, Sample.json(request)),
                request);
    }
}
