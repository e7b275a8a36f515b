package dev.strongroom.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;

/** Key policies and those who come to have a name that somebody in them had, through two gateways before one node. */
class NamesakesOverHttpTest {

    private static final String ACCOUNT = "111122223333";
    private static final String ROOT = "arn:aws:iam::" + ACCOUNT + ":root";
    private static final String ALICE = "arn:aws:iam::" + ACCOUNT + ":user/alice";
    private static final String ROLE = "arn:aws:iam::" + ACCOUNT + ":role/reader";
    private static final String SESSION = "arn:aws:sts::" + ACCOUNT + ":assumed-role/reader/today";
    private static final String OPEN = "777788889999";
    private static final String OPEN_ROOT = "arn:aws:iam::" + OPEN + ":root";
    private static final SdkBytes DATA = SdkBytes.fromUtf8String("attack at dawn");
    private static final String NOBODY =
            "MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals.";
    private static final String MAY_ENCRYPT = """
            {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}}""";

    private LiveCallers callers;

    @BeforeEach
    void open() throws Exception {
        callers = new LiveCallers();
        callers.make(ROOT);
        callers.make(ALICE);
        callers.make(ROLE);
    }

    @AfterEach
    void close() {
        callers.close();
    }

    private static String policy(String root, String statement) {
        return """
                {"Version":"2012-10-17","Statement":[
                  {"Effect":"Allow","Principal":{"AWS":"%s"},"Action":"kms:*","Resource":"*"},
                  %s]}""".formatted(root, statement);
    }

    private static String allowing(String principal) {
        return policy(
                ROOT,
                "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" + principal
                        + "\"},\"Action\":\"kms:Encrypt\",\"Resource\":\"*\"}");
    }

    private String newKey(String policy) {
        return callers.of(ROOT)
                .createKey(key -> key.policy(policy))
                .keyMetadata()
                .arn();
    }

    private String shown(String key) {
        return callers.of(ROOT).getKeyPolicy(get -> get.keyId(key)).policy();
    }

    private static String outcome(Supplier<?> call) {
        try {
            var unused = call.get();
            return "ok";
        } catch (KmsException e) {
            return e.awsErrorDetails().errorCode() + ": " + e.awsErrorDetails().errorMessage();
        }
    }

    /** Through either gateway, which have to agree. */
    private String encrypt(String caller, String key) {
        var here = encrypt(callers.of(caller), key);
        assertEquals(here, encrypt(callers.elsewhere(caller), key));
        return here;
    }

    private static String encrypt(KmsClient client, String key) {
        var outcome = outcome(() -> client.encrypt(data -> data.keyId(key).plaintext(DATA)));
        return outcome.replaceFirst("^.* (no|an explicit deny in a)-? ?(\\S+)-based polic.*$", "$1 $2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"created with the key", "put"})
    void aUserIsNotInheritedBy(String how) {
        var key = newKey(how.equals("put") ? allowing(ROOT) : allowing(ALICE));
        if (how.equals("put")) {
            callers.of(ROOT).putKeyPolicy(put -> put.keyId(key).policy(allowing(ALICE)));
        }
        assertEquals("ok", encrypt(ALICE, key));
        var former = callers.uniqueId(ALICE);

        callers.replace(ALICE);

        assertEquals("no identity", encrypt(ALICE, key), "another alice");
        assertEquals(allowing(former), shown(key), "who was meant is shown");
        assertEquals(
                NOBODY,
                outcome(() ->
                        callers.of(ROOT).putKeyPolicy(put -> put.keyId(key).policy(shown(key)))),
                "and is not put again");

        callers.of(ROOT).putKeyPolicy(put -> put.keyId(key).policy(allowing(ALICE)));
        assertEquals("ok", encrypt(ALICE, key), "she is meant now");
        assertEquals(allowing(ALICE), shown(key));
        assertNotEquals(former, callers.uniqueId(ALICE));
    }

    @ParameterizedTest
    @ValueSource(strings = {ROLE, SESSION})
    void aRoleIsNotInherited(String named) {
        var key = newKey(allowing(named));
        assertEquals("ok", encrypt(SESSION, key));
        var former = callers.uniqueId(ROLE);

        callers.replace(ROLE);
        assertEquals(
                "UnrecognizedClientException: The security token included in the request is invalid.",
                encrypt(SESSION, key),
                "a session of the former role is dead");
        callers.forget(SESSION);

        assertEquals("no identity", encrypt(SESSION, key), "a session of another role under the name");
        assertEquals(allowing(named.equals(ROLE) ? former : former + ":today"), shown(key));
    }

    @Test
    void aReplicaMeansThoseWhoWereThereWhenItWasMade() {
        var primary = callers.of(ROOT)
                .createKey(key -> key.multiRegion(true))
                .keyMetadata()
                .arn();
        var made = callers.of(ROOT)
                .replicateKey(
                        make -> make.keyId(primary).replicaRegion("us-west-2").policy(allowing(ALICE)));
        assertEquals(allowing(ALICE), made.replicaPolicy());
        var former = callers.uniqueId(ALICE);

        callers.replace(ALICE);
        var replica = primary.replace("eu-west-1", "us-west-2");

        try (var there = callers.in("us-west-2", ALICE);
                var root = callers.in("us-west-2", ROOT)) {
            assertEquals("no identity", encrypt(there, replica));
            assertEquals(
                    allowing(former),
                    root.getKeyPolicy(get -> get.keyId(replica)).policy());
        }
    }

    @Test
    void whoIsSparedFromADenialIsNotInheritedEither() {
        callers.give(ALICE, MAY_ENCRYPT);
        var key = newKey(policy(
                ROOT,
                "{\"Effect\":\"Deny\",\"NotPrincipal\":{\"AWS\":[\"" + ALICE + "\",\"" + ROOT
                        + "\"]},\"Action\":\"kms:Encrypt\",\"Resource\":\"*\"}"));
        assertEquals("ok", encrypt(ALICE, key));

        callers.replace(ALICE);
        callers.give(ALICE, MAY_ENCRYPT);

        assertEquals("an explicit deny in a resource", encrypt(ALICE, key));
        assertEquals("ok", encrypt(ROOT, key));
    }

    @Test
    void inAnOpenAccountWhomNobodyMadeIsMeantByName() {
        callers.makeOpen(OPEN);
        var later = "arn:aws:iam::" + OPEN + ":user/later";
        var policy = policy(
                OPEN_ROOT,
                "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" + later
                        + "\"},\"Action\":\"kms:Encrypt\",\"Resource\":\"*\"}");
        var before = callers.of(OPEN_ROOT)
                .createKey(key -> key.policy(policy))
                .keyMetadata()
                .arn();
        callers.make(later);
        var after = callers.of(OPEN_ROOT)
                .createKey(key -> key.policy(policy))
                .keyMetadata()
                .arn();
        assertEquals("ok", encrypt(later, before));
        assertEquals("ok", encrypt(later, after));

        callers.replace(later);

        assertEquals("ok", encrypt(later, before), "the policy was put before there was anybody");
        assertEquals("no identity", encrypt(later, after), "the policy was put while there was somebody");
    }

    @Test
    void aPolicyIsShownAsItWasPutButForWhoIsGone() {
        var bob = "arn:aws:iam::" + ACCOUNT + ":user/bob";
        callers.make(bob);
        var format = """
                {
                   "Version" : "2012-10-17",\t"Id":"%3$s",
                   "Statement":[
                     {"Sid":"%3$s","Effect":"Allow","Principal":{"AWS":"%1$s"},"Action":"kms:*","Resource":"*"},
                     {"Effect" :  "Allow", "Resource":["*", "%3$s"], "Principal":{"AWS" : [ "%2$s","%4$s" ,
                        "%2$s"]}, "Action":"kms:Encrypt",
                      "Condition":{"ArnLike":{"aws:PrincipalArn":["%3$s","%4$s"]}}},
                     {"Effect":"Deny","NotPrincipal":{"AWS":["%2$s","%1$s"]},"Action":"kms:Sign","Resource":"*"}
                   ]}
                """;
        var escaped = ALICE.replace("/", "\\/").replace("user", "us\\u0065r");
        var put = format.formatted(ROOT, escaped, ALICE, bob);
        var key = newKey(put);
        assertEquals(put, shown(key));
        var former = callers.uniqueId(ALICE);

        callers.delete(ALICE);

        assertEquals(format.formatted(ROOT, former, ALICE, bob), shown(key));
    }

    @ParameterizedTest
    @ValueSource(strings = {"assumed-role/Reader/today", "assumed-role/reader/today/x", "assumed-role/none/today"})
    void aSessionIsNamedByTheNameOfItsRole(String session) {
        assertEquals(
                NOBODY, outcome(() -> newKey(allowing("arn:aws:sts::" + ACCOUNT + ":" + session))), "closed account");
    }

    @Test
    void nobodyIsNamedByUniqueId() {
        assertEquals(NOBODY, outcome(() -> newKey(allowing(callers.uniqueId(ALICE)))));
        assertEquals(NOBODY, outcome(() -> newKey(allowing(callers.uniqueId(ROLE) + ":today"))));
    }

    @Test
    void whoWouldLockTheKeyUpIsToldByWhomItIsThatTheNameMeans() {
        var all = "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"kms:*\","
                + "\"Resource\":\"*\"}}";
        callers.give(ALICE, all);
        var own = "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" + ALICE
                + "\"},\"Action\":\"kms:*\",\"Resource\":\"*\"}}";
        var key = callers.of(ALICE)
                .createKey(make -> make.policy(own))
                .keyMetadata()
                .arn();

        callers.replace(ALICE);
        callers.give(ALICE, all);

        assertEquals(
                "AccessDeniedException",
                outcome(() -> callers.of(ALICE)
                                .putKeyPolicy(put -> put.keyId(key).policy(own)))
                        .replaceFirst(":.*", ""),
                "whoever has the name of the only one who could");
    }
}
