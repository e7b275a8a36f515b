package dev.strongroom.gateway.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.UseCommand;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.GrantOperation;
import software.amazon.awssdk.services.kms.model.KmsException;

/** Somebody changes what a decision rests on after it was made and before the key is used. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SwapUnderwayTest {

    private static final String ROOT = "arn:aws:iam::111122223333:root";
    private static final String ALICE = "arn:aws:iam::111122223333:user/alice";
    private static final SdkBytes DATA = SdkBytes.fromUtf8String("attack at dawn");

    /** Done once, at the moment at which a decided Encrypt, PutKeyPolicy or CreateGrant has left the gateway. */
    private final AtomicReference<Runnable> meanwhile = new AtomicReference<>();

    private LiveCallers callers;

    @BeforeAll
    void open() throws Exception {
        callers = new LiveCallers(node -> new Hsm() {
            @Override
            public <R extends Reply> CompletionStage<R> call(Command<R> command, UUID servedRequest) {
                boolean isAwaited = command instanceof UseCommand.Encrypt
                        || command instanceof ChangeCommand.ChangeKey
                        || command instanceof GrantCommand.CreateGrant;
                var change = isAwaited ? meanwhile.getAndSet(null) : null;
                if (change != null) {
                    change.run();
                }
                return node.call(command, servedRequest);
            }
        });
        callers.make(ALICE);
    }

    @AfterAll
    void close() {
        callers.close();
    }

    private String newKey(String aliceMay) {
        var policy = "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" + ROOT
                + "\"},\"Action\":\"kms:*\",\"Resource\":\"*\"},{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" + ALICE
                + "\"},\"Action\":\"" + aliceMay + "\",\"Resource\":\"*\"}]}";
        return callers.elsewhere(ROOT)
                .createKey(key -> key.policy(policy))
                .keyMetadata()
                .arn();
    }

    @CanIgnoreReturnValue
    private static String encrypt(KmsClient client, String key) {
        return client.encrypt(request -> request.keyId(key).plaintext(DATA)).keyId();
    }

    private static String refusal(Runnable call) {
        return String.valueOf(
                assertThrows(KmsException.class, call::run).awsErrorDetails().errorMessage());
    }

    private static String denied(String key) {
        return "User: " + ALICE + " is not authorized to perform: kms:Encrypt on resource: " + key
                + " because no identity-based policy allows the kms:Encrypt action";
    }

    private void alias(String name, String key) {
        var unused = callers.elsewhere(ROOT)
                .createAlias(alias -> alias.aliasName(name).targetKeyId(key));
    }

    /** On a thread of its own, as by anybody else; the gateway's loops are not to be waited for by themselves. */
    private void then(Runnable change) {
        meanwhile.set(() -> {
            var thread = new Thread(change);
            thread.start();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    void whoIsReplacedWhileAPolicyThatNamesThemIsPutIsNotMeant() {
        var key = newKey("kms:Sign");
        var former = callers.uniqueId(ALICE);
        var policy = "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" + ROOT
                + "\"},\"Action\":\"kms:*\",\"Resource\":\"*\"},{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\""
                + ALICE + "\"},\"Action\":\"kms:Encrypt\",\"Resource\":\"*\"}]}";
        then(() -> callers.replace(ALICE));

        var unused = callers.of(ROOT).putKeyPolicy(put -> put.keyId(key).policy(policy));

        assertEquals(denied(key), refusal(() -> encrypt(callers.of(ALICE), key)));
        assertEquals(
                policy.replace(ALICE, former),
                callers.of(ROOT).getKeyPolicy(get -> get.keyId(key)).policy());
    }

    @Test
    void whoIsReplacedWhileAGrantForThemIsMadeIsNotMeant() {
        var key = newKey("kms:Sign");
        var former = callers.uniqueId(ALICE);
        then(() -> callers.replace(ALICE));

        var unused = callers.of(ROOT)
                .createGrant(asked -> asked.keyId(key)
                        .granteePrincipal(ALICE)
                        .retiringPrincipal(ALICE)
                        .operations(GrantOperation.ENCRYPT));

        assertEquals(denied(key), refusal(() -> encrypt(callers.of(ALICE), key)));
        var listed =
                callers.of(ROOT).listGrants(list -> list.keyId(key)).grants().get(0);
        assertEquals(former, listed.granteePrincipal());
        assertEquals(former, listed.retiringPrincipal());
    }

    private void point(String name, String key) {
        var unused = callers.elsewhere(ROOT)
                .updateAlias(alias -> alias.aliasName(name).targetKeyId(key));
    }

    @Test
    void anAliasThatMovesToAForbiddenKeyDoesNotTakeThePermissionAlong() {
        var permitted = newKey("kms:Encrypt");
        var forbidden = newKey("kms:DescribeKey");
        alias("alias/forbidden", permitted);
        assertEquals(permitted, encrypt(callers.of(ALICE), "alias/forbidden"));

        then(() -> point("alias/forbidden", forbidden));

        assertEquals(denied(forbidden), refusal(() -> encrypt(callers.of(ALICE), "alias/forbidden")));
    }

    @Test
    void anAliasThatMovesToAnotherPermittedKeyMeansThatOne() {
        var one = newKey("kms:Encrypt");
        var other = newKey("kms:*");
        alias("alias/moving", one);

        then(() -> point("alias/moving", other));
        var blob = callers.of(ALICE)
                .encrypt(request -> request.keyId("alias/moving").plaintext(DATA));

        assertEquals(other, blob.keyId());
        assertArrayEquals(
                DATA.asByteArray(),
                callers.elsewhere(ROOT)
                        .decrypt(request -> request.ciphertextBlob(blob.ciphertextBlob()))
                        .plaintext()
                        .asByteArray());
    }

    @Test
    void aPolicyThatIsTakenBackUnderwayIsNotUsedAnyMore() {
        var key = newKey("kms:Encrypt");
        assertEquals(key, encrypt(callers.of(ALICE), key));
        then(() -> {
            var unused = callers.elsewhere(ROOT)
                    .putKeyPolicy(put -> put.keyId(key)
                            .policy("{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" + ROOT
                                    + "\"},\"Action\":\"kms:*\",\"Resource\":\"*\"}}"));
        });

        assertEquals(denied(key), refusal(() -> encrypt(callers.of(ALICE), key)));
    }

    @Test
    void anAccessKeyThatIsTakenAwayUnderwayIsNotUsedAnyMore() {
        var user = "arn:aws:iam::111122223333:user/gone";
        callers.give(user, "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"kms:*\",\"Resource\":\"*\"}}");
        var key = newKey("kms:Encrypt");
        assertEquals(key, encrypt(callers.of(user), key));
        then(() -> callers.takeAccessKey(user));

        assertEquals(
                "The security token included in the request is invalid.",
                refusal(() -> encrypt(callers.of(user), key)));
    }
}
