package dev.strongroom.gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strongroom.hsm.node.HsmNode;
import dev.strongroom.hsm.node.NodeStartException;
import dev.strongroom.hsm.node.NodeSurroundings;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.Plaintext;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdministrationTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String POLICY =
            "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'kms:*','Resource':'*'}]}";
    /** A denial that could never apply. */
    private static final String IDLE =
            "{'Version':'2012-10-17','Statement':[{'Effect':'Deny','Action':'*','Resource':'*',"
                    + "'Condition':{'Bool':{'aws:SecureTransport':'no'}}}]}";

    /** RFC 7517, appendix A.1. */
    private static final String KEYS =
            "{'keys':[{'kty':'EC','crv':'P-256','x':'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',"
                    + "'y':'4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM'}]}";

    private static final String TRUST = "{'Version':'2012-10-17','Statement':[{'Effect':'Allow',"
            + "'Principal':{'AWS':'*'},'Action':'sts:AssumeRole'}]}";

    private final Entropy entropy = Entropy.start(Bytes.wrap(new byte[16]), System::nanoTime);
    private final HsmNode node = node();
    private final Administration administration = LiveAdministration.of(node, entropy);

    private HsmNode node() {
        try {
            return HsmNode.openInMemory(
                    new NodeSurroundings(entropy, InstantSource.system(), System::nanoTime, "test"));
        } catch (NodeStartException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeAll
    void makeAccount() {
        var made = done("{'kind':'account','verb':'create','account':'111122223333'}");
        assertFalse(made.at("/account/open").booleanValue());
    }

    @AfterAll
    void close() {
        node.close();
    }

    /** JSON with single quotes; documents inside it, with their own, as {@code $POLICY} and {@code $TRUST}. */
    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace("$POLICY", escaped(POLICY))
                    .replace("$KEYS", escaped(KEYS))
                    .replace("$IDLE", escaped(IDLE))
                    .replace("$TRUST", escaped(TRUST))
                    .replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    private static String escaped(String document) {
        return document.replace("'", "\\'");
    }

    private CompletionStage<? extends JsonNode> begin(String text) {
        return administration.perform(AdminRequest.of(json(text), "111122223333"), Hsm.NO_REQUEST);
    }

    private JsonNode done(String text) {
        return begin(text).toCompletableFuture().join();
    }

    private AdminRefusal refused(String text) {
        try {
            throw new AssertionError("was done: " + done(text));
        } catch (AdminRefusal e) {
            return e;
        } catch (CompletionException e) {
            return assertInstanceOf(AdminRefusal.class, e.getCause());
        }
    }

    @Test
    void everythingInTheTableIsDone() {
        var account = "'account':'222233334444'";
        var requests = new ArrayList<>(List.of(
                "{'kind':'account','verb':'create'," + account + ",'open':true}",
                "{'kind':'account','verb':'list'}",
                "{'kind':'account','verb':'close'," + account + "}",
                "{'kind':'account','verb':'open'," + account + "}",
                "{'kind':'account','verb':'get'," + account + "}",
                "{'kind':'policy','verb':'create'," + account + ",'name':'All','document':'$POLICY'}",
                "{'kind':'policy','verb':'update'," + account + ",'name':'All','document':'$POLICY'}",
                "{'kind':'policy','verb':'get'," + account + ",'name':'All'}",
                "{'kind':'policy','verb':'list'," + account + "}"));
        for (var kind : List.of("user", "role")) {
            var head = "{'kind':'" + kind + "'," + account + ",'verb':'";
            requests.add(head + "create','name':'x','path':'/a/','tags':{'k':'v'}"
                    + (kind.equals("role") ? ",'trustPolicy':'$TRUST','maxSessionSeconds':7200}" : "}"));
            requests.add(head + "get','name':'X'}");
            requests.add(head + "list'}");
            requests.add(head + "attach','name':'x','policy':'All'}");
            requests.add(head + "detach','name':'x','policy':'arn:aws:iam::222233334444:policy/All'}");
            requests.add(head + "put-inline','name':'x','policyName':'p','document':'$POLICY'}");
            requests.add(head + "delete-inline','name':'x','policyName':'p'}");
            requests.add(head + "put-boundary','name':'x','policy':'All'}");
            requests.add(head + "delete-boundary','name':'x'}");
            requests.add(head + "tag','name':'x','tags':{'l':'w'}}");
            requests.add(head + "untag','name':'x','tagKeys':['k']}");
        }
        requests.add("{'kind':'role','verb':'update'," + account + ",'name':'x','maxSessionSeconds':3600}");
        requests.add("{'kind':'oidc-provider','verb':'create'," + account
                + ",'url':'https://issuer.example/a','keys':'$KEYS','clientIds':['app']}");
        requests.add("{'kind':'oidc-provider','verb':'update'," + account
                + ",'url':'https://issuer.example/a','clientIds':['app','web']}");
        requests.add("{'kind':'oidc-provider','verb':'get'," + account + ",'url':'https://issuer.example/a'}");
        requests.add("{'kind':'oidc-provider','verb':'list'," + account + "}");
        var performed = EnumSet.noneOf(AdminAction.class);
        for (var request : requests) {
            perform(request, performed);
        }
        var id = done("{'kind':'access-key','verb':'create'," + account + ",'user':'x'}")
                .at("/accessKey/accessKeyId")
                .asText();
        performed.add(AdminAction.ACCESS_KEY_CREATE);
        for (var verb : List.of("disable", "enable", "rotate", "delete")) {
            perform(
                    "{'kind':'access-key','verb':'" + verb + "'," + account + ",'accessKeyId':'" + id + "'}",
                    performed);
        }
        perform("{'kind':'access-key','verb':'list'," + account + ",'user':'x'}", performed);
        for (var kind : List.of("user", "role")) {
            perform("{'kind':'" + kind + "','verb':'delete'," + account + ",'name':'x'}", performed);
        }
        perform("{'kind':'policy','verb':'delete'," + account + ",'name':'All'}", performed);
        perform("{'kind':'oidc-provider','verb':'delete'," + account + ",'url':'https://issuer.example/a'}", performed);

        assertEquals(EnumSet.allOf(AdminAction.class), performed);
        assertEquals(1, done("{'kind':'account','verb':'get'," + account + "}").size());
        assertEquals(
                List.of(),
                List.copyOf(done("{'kind':'access-key','verb':'list'," + account + "}")
                        .findValuesAsText("accessKeyId")));
    }

    private void perform(String request, EnumSet<AdminAction> performed) {
        var asked = json(request);
        var unused = done(request);
        assertTrue(performed.add(
                AdminAction.find(asked.path("kind").asText(), asked.path("verb").asText())
                        .orElseThrow()));
    }

    @Test
    void aUserShowsWhatWasDoneToIt() {
        var read = done("{'kind':'policy','verb':'create','name':'Read','document':'$POLICY'}")
                .at("/policy/arn")
                .asText();
        var made = done("{'kind':'user','verb':'create','name':'ann','path':'/x/','tags':{'team':'a'}}");
        assertEquals(
                "arn:aws:iam::111122223333:user/x/ann", made.at("/user/arn").asText());
        assertTrue(made.at("/user/id").asText().startsWith("AIDA"));

        var unused = List.of(
                done("{'kind':'user','verb':'attach','name':'ann','policy':'Read'}"),
                done("{'kind':'user','verb':'put-inline','name':'ann','policyName':'p','document':'$POLICY'}"),
                done("{'kind':'user','verb':'put-boundary','name':'ann','policy':'" + read + "'}"),
                done("{'kind':'user','verb':'tag','name':'ann','tags':{'team':'b','x':''}}"),
                done("{'kind':'user','verb':'untag','name':'ann','tagKeys':['x','none']}"));

        var user = done("{'kind':'user','verb':'get','name':'ann'}").path("user");
        assertEquals(read, user.at("/attachedPolicies/0").asText());
        assertEquals(POLICY.replace('\'', '"'), user.at("/inlinePolicies/p").asText());
        assertEquals(read, user.path("permissionsBoundary").asText());
        assertEquals(json("{'team':'b'}"), user.path("tags"));
        assertEquals(
                "DeleteConflict",
                refused("{'kind':'policy','verb':'delete','name':'Read'}").code());
        var listed = done("{'kind':'user','verb':'list'}").at("/users/0");
        assertFalse(listed.has("inlinePolicies"), "a list has no documents");
    }

    @Test
    void aSecretIsShownOnceAndRotationDisablesTheOldOne() {
        var unused = done("{'kind':'user','verb':'create','name':'rob'}");
        var first = done("{'kind':'access-key','verb':'create','user':'rob'}").path("accessKey");
        assertEquals(40, first.path("secretAccessKey").asText().length());
        var id = first.path("accessKeyId").asText();

        var rotated = done("{'kind':'access-key','verb':'rotate','accessKeyId':'" + id + "'}");
        assertEquals(id, rotated.at("/replaced/accessKeyId").asText());
        assertEquals("Inactive", rotated.at("/replaced/status").asText());
        assertNotEquals(first.path("secretAccessKey"), rotated.at("/accessKey/secretAccessKey"));
        var listed = done("{'kind':'access-key','verb':'list','user':'rob'}");
        assertEquals(2, listed.path("accessKeys").size());
        assertFalse(listed.toString().contains("secret"));
        assertEquals(
                "LimitExceeded",
                refused("{'kind':'access-key','verb':'rotate','accessKeyId':'" + id + "'}")
                        .code());
    }

    @Test
    void changesMadeAtOnceAreAllKept() {
        var unused = done("{'kind':'user','verb':'create','name':'busy'}");
        var begun = new ArrayList<CompletionStage<? extends JsonNode>>();
        for (int i = 0; i < 4; i++) {
            begun.add(begin("{'kind':'user','verb':'tag','name':'busy','tags':{'k" + i + "':'v'}}"));
        }
        begun.forEach(stage -> assertTrue(stage.toCompletableFuture().join().has("user")));
        assertEquals(
                4,
                done("{'kind':'user','verb':'get','name':'busy'}")
                        .at("/user/tags")
                        .size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "[]; ValidationError",
                "{}; ValidationError",
                "{'kind':'user','verb':'fly'}; ValidationError",
                "{'kind':'user','verb':'create'}; ValidationError",
                "{'kind':'user','verb':'create','name':'a','nmae':'b'}; ValidationError",
                "{'kind':'user','verb':'create','name':7}; ValidationError",
                "{'kind':'user','verb':'create','name':'a b'}; ValidationError",
                "{'kind':'user','verb':'create','name':'a','path':'x'}; ValidationError",
                "{'kind':'user','verb':'create','name':'a','tags':['x']}; ValidationError",
                "{'kind':'user','verb':'create','name':'a','tags':{'x':1}}; ValidationError",
                "{'kind':'user','verb':'create','name':'a','account':'12'}; ValidationError",
                "{'kind':'user','verb':'create','name':'a','account':'999999999999'}; NoSuchEntity",
                "{'kind':'user','verb':'get','name':'none'}; NoSuchEntity",
                "{'kind':'user','verb':'delete','name':'none'}; NoSuchEntity",
                "{'kind':'user','verb':'attach','name':'none','policy':'none'}; NoSuchEntity",
                "{'kind':'user','verb':'attach','name':'x','policy':'arn:aws:iam::aws:policy/X'}; NoSuchEntity",
                "{'kind':'user','verb':'attach','name':'x','policy':'arn:aws:iam::222222222222:policy/X'}; ValidationError",
                "{'kind':'account','verb':'create','account':'111122223333'}; EntityAlreadyExists",
                "{'kind':'account','verb':'create','account':'333344445555','open':'yes'}; ValidationError",
                "{'kind':'policy','verb':'create','name':'P','document':'{}'}; MalformedPolicyDocument",
                "{'kind':'policy','verb':'create','name':'P','document':'$TRUST'}; MalformedPolicyDocument",
                "{'kind':'role','verb':'create','name':'R','trustPolicy':'$POLICY'}; MalformedPolicyDocument",
                "{'kind':'policy','verb':'create','name':'P','document':'$IDLE'}; MalformedPolicyDocument",
                "{'kind':'role','verb':'create','name':'R','trustPolicy':'$TRUST','maxSessionSeconds':1}; ValidationError",
                "{'kind':'role','verb':'create','name':'R','trustPolicy':'$TRUST','maxSessionSeconds':'1'}; ValidationError",
                "{'kind':'access-key','verb':'create','user':'none'}; NoSuchEntity",
                "{'kind':'access-key','verb':'create'}; ValidationError",
                "{'kind':'access-key','verb':'create','root':false}; ValidationError",
                "{'kind':'access-key','verb':'create','root':'true'}; ValidationError",
                "{'kind':'access-key','verb':'create','root':true,'user':'none'}; ValidationError",
                "{'kind':'access-key','verb':'delete','accessKeyId':'none'}; NoSuchEntity",
                "{'kind':'oidc-provider','verb':'create','url':'http://x','keys':'{}'}; ValidationError",
                "{'kind':'oidc-provider','verb':'create','url':'https://x.example','keys':'{}'}; ValidationError",
                "{'kind':'oidc-provider','verb':'create','url':'https://x.example','keys':'nonsense'}; ValidationError",
                "{'kind':'oidc-provider','verb':'create','url':'https://x?y','keys':'$KEYS'}; ValidationError"
            })
    void isRefused(String request, String code) {
        var no = refused(request);
        assertEquals(code, no.code(), no.text());
        assertFalse(no.text().isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'kind':'user','verb':'create','name':'a b'} | 'a b' is no name of a user: it has 1 to 64 letters, digits and characters of _+=,.@-",
                "{'kind':'role','verb':'create','name':'a/b','trustPolicy':'$TRUST'} | 'a/b' is no name of a role: it has 1 to 64 letters, digits and characters of _+=,.@-",
                "{'kind':'policy','verb':'create','name':'ä','document':'$POLICY'} | 'ä' is no name of a policy: it has 1 to 128 letters, digits and characters of _+=,.@-",
                "{'kind':'user','verb':'create','name':'a','path':'apps'} | 'apps' is no path: it begins and ends with a slash, such as /apps/, and has up to 512 characters without spaces.",
                "{'kind':'policy','verb':'create','name':'a','path':'/apps','document':'$POLICY'} | '/apps' is no path: it begins and ends with a slash, such as /apps/, and has up to 512 characters without spaces.",
                "{'kind':'user','verb':'list','account':'999999999999'} | The account 999999999999 does not exist.",
                "{'kind':'role','verb':'list','account':'999999999999'} | The account 999999999999 does not exist.",
                "{'kind':'policy','verb':'list','account':'999999999999'} | The account 999999999999 does not exist.",
                "{'kind':'access-key','verb':'list','account':'999999999999'} | The account 999999999999 does not exist.",
                "{'kind':'oidc-provider','verb':'list','account':'999999999999'} | The account 999999999999 does not exist."
            })
    void aRefusalSaysWhatIsWrong(String request, String text) {
        assertEquals(text, refused(request).text());
    }

    @Test
    void whoHasTwoAccessKeysDeletesOneFirst() {
        var unused = done("{'kind':'user','verb':'create','name':'twokeys'}");
        var first = done("{'kind':'access-key','verb':'create','user':'twokeys'}");
        var second = done("{'kind':'access-key','verb':'create','user':'twokeys'}");
        assertNotEquals(first, second);
        var id = first.at("/accessKey/accessKeyId").asText();
        for (var request : List.of(
                "{'kind':'access-key','verb':'create','user':'twokeys'}",
                "{'kind':'access-key','verb':'rotate','accessKeyId':'" + id + "'}")) {
            assertEquals(
                    "arn:aws:iam::111122223333:user/twokeys has two access keys, the most there may be. Delete one first:"
                            + " access-key list shows them, access-key delete removes one.",
                    refused(request).text());
        }
        assertEquals(
                "Active",
                done("{'kind':'access-key','verb':'list','user':'twokeys'}")
                        .at("/accessKeys/0/status")
                        .asText());
    }

    @Test
    void anAccessKeyOfTheRootIsMadeForWhoAsksForIt() {
        var made = done("{'kind':'access-key','verb':'create','root':true}").path("accessKey");
        assertEquals("arn:aws:iam::111122223333:root", made.path("arn").asText(), made::toString);
        var id = made.path("accessKeyId").asText();
        assertTrue(done("{'kind':'access-key','verb':'delete','accessKeyId':'" + id + "'}")
                .isEmpty());
    }

    @Test
    void aPolicyThatIsTooLongIsRefusedBeforeItIsSent() {
        var long2 = POLICY.replace("'*'}", "'" + "a".repeat(7_000) + "'}");
        var no = refused("{'kind':'policy','verb':'create','name':'Long','document':'" + escaped(long2) + "'}");
        assertEquals("LimitExceeded", no.code());
        assertEquals("A managed policy may have 6144 characters beside white space.", no.text());
    }

    @Test
    void aGatewayMayNotDoIt() {
        var asGateway = new Administration(
                node.gateway(),
                new CredentialSource() {
                    @Override
                    public String newId(String prefix) {
                        return prefix + "AAAAAAAAAAAAAAAA";
                    }

                    @Override
                    public Plaintext newSecret() {
                        return Plaintext.wrap(new byte[40]);
                    }
                },
                UUID::randomUUID);
        var request = AdminRequest.of(json("{'kind':'user','verb':'create','name':'eve'}"), "111122223333");
        var failure = assertThrows(
                CompletionException.class,
                () -> asGateway
                        .perform(request, Hsm.NO_REQUEST)
                        .toCompletableFuture()
                        .join());
        assertEquals(
                "AccessDenied",
                assertInstanceOf(AdminRefusal.class, failure.getCause()).code());
    }
}
