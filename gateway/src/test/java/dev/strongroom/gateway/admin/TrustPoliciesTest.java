package dev.strongroom.gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.strongroom.hsm.node.HsmNode;
import dev.strongroom.hsm.node.NodeSurroundings;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Hsm;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trust policies and those whom they name, in a closed account and in an open one. */
class TrustPoliciesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CLOSED = "111122223333";
    private static final String OPEN = "777788889999";
    private static final String ANN = "arn:aws:iam::111122223333:user/ann";

    private final Entropy entropy = Entropy.start(Bytes.wrap(new byte[16]), System::nanoTime);
    private final HsmNode node;
    private final Administration administration;

    TrustPoliciesTest() throws Exception {
        node = HsmNode.openInMemory(new NodeSurroundings(entropy, InstantSource.system(), System::nanoTime, "test"));
        administration = LiveAdministration.of(node, entropy);
    }

    @BeforeEach
    void makeAccounts() {
        var unused = done("account", "create", "");
        unused = done("account", "create", "\"account\":\"" + OPEN + "\",\"open\":true");
    }

    @AfterEach
    void close() {
        node.close();
    }

    private static ObjectNode request(String kind, String verb, String more) {
        try {
            return (ObjectNode) JSON.readTree(
                    "{\"kind\":\"" + kind + "\",\"verb\":\"" + verb + "\"" + (more.isEmpty() ? "" : "," + more) + "}");
        } catch (Exception e) {
            throw new AssertionError(more, e);
        }
    }

    private JsonNode done(ObjectNode request) {
        return administration
                .perform(AdminRequest.of(request, CLOSED), Hsm.NO_REQUEST)
                .toCompletableFuture()
                .join();
    }

    private JsonNode done(String kind, String verb, String more) {
        return done(request(kind, verb, more));
    }

    private String refused(ObjectNode request) {
        try {
            throw new AssertionError("was done: " + done(request));
        } catch (CompletionException e) {
            var refusal = assertInstanceOf(AdminRefusal.class, e.getCause());
            return refusal.status() + " " + refusal.code() + ": " + refusal.text();
        }
    }

    private static String trusting(String principals) {
        return "{ \"Version\":\"2012-10-17\",\n \"Statement\" : [{\"Effect\":\"Allow\", \"Principal\":{\"AWS\":"
                + principals + "},\"Action\":\"sts:AssumeRole\",\"Condition\":{\"ArnLike\":{\"aws:PrincipalArn\":\""
                + ANN
                + "\"}}}]}";
    }

    private static String trustingOne(String arn) {
        return trusting("\"" + arn + "\"");
    }

    private static ObjectNode role(String verb, String trust) {
        return request("role", verb, "\"name\":\"app\"").put("trustPolicy", trust);
    }

    private JsonNode shown() {
        return done("role", "get", "\"name\":\"app\"").path("role");
    }

    private String newAnn() {
        return done("user", "create", "\"name\":\"ann\"").at("/user/id").asText();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:iam::111122223333:user/ann",
                "arn:aws:iam::111122223333:user/team/there",
                "arn:aws:iam::111122223333:user/There",
                "arn:aws:iam::111122223333:role/app",
                "arn:aws:sts::111122223333:assumed-role/app/session",
                "arn:aws:iam::999900001111:root",
                "arn:aws:sts::999900001111:federated-user/ann"
            })
    void whoIsNamedHasToExist(String principal) {
        var unused = done("user", "create", "\"name\":\"there\"");
        var no = "400 MalformedPolicyDocument: Invalid principal in policy: \"AWS\":\"" + principal + "\"";
        var there = "arn:aws:iam::111122223333:user/there";

        assertEquals(no, refused(role("create", trusting("[\"" + there + "\",\"" + principal + "\"]"))));
        unused = done(role("create", trustingOne(there)));
        if (!principal.contains("/app")) {
            assertEquals(no, refused(role("update", trustingOne(principal))));
        }
        assertEquals(trustingOne(there), shown().path("trustPolicy").asText());
    }

    @Test
    void whoIsGoneIsShownByUniqueId() {
        var former = newAnn();
        var both = trusting("[\"" + ANN + "\" , \"arn:aws:iam::111122223333:root\"]");
        var made = done(role("create", both));
        assertEquals(both, made.at("/role/trustPolicy").asText());

        var unused = done("user", "delete", "\"name\":\"ann\"");

        var asGone = both.replace("[\"" + ANN, "[\"" + former);
        assertEquals(asGone, shown().path("trustPolicy").asText());
        assertNotEquals(former, newAnn());
        assertEquals(asGone, shown().path("trustPolicy").asText(), "another ann");
        var tagged = done("role", "tag", "\"name\":\"app\",\"tags\":{\"k\":\"v\"}");
        assertEquals(asGone, tagged.at("/role/trustPolicy").asText(), "another change leaves it as it is");
        assertTrue(
                refused(role("update", asGone)).startsWith("400 MalformedPolicyDocument: "), "an id is no principal");

        unused = done(role("update", both));
        assertEquals(both, shown().path("trustPolicy").asText(), "she is meant now");
    }

    @Test
    void inAnOpenAccountWhomNobodyMadeIsMeantByName() {
        var later = "arn:aws:iam::" + OPEN + ":user/later";
        var unused = done(role("create", trustingOne(later)));
        unused = done("user", "create", "\"account\":\"" + OPEN + "\",\"name\":\"later\"");
        unused = done("user", "delete", "\"account\":\"" + OPEN + "\",\"name\":\"later\"");

        assertEquals(trustingOne(later), shown().path("trustPolicy").asText());
    }

    @Test
    void anAccountStays() {
        // Its keys belong to it: twelve digits never come to be another account's.
        assertTrue(AdminAction.find("account", "delete").isEmpty());
    }
}
