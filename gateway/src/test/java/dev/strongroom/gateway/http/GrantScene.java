package dev.strongroom.gateway.http;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.CreateGrantRequest;
import software.amazon.awssdk.services.kms.model.CreateGrantResponse;
import software.amazon.awssdk.services.kms.model.GrantListEntry;
import software.amazon.awssdk.services.kms.model.GrantOperation;
import software.amazon.awssdk.services.kms.model.KmsException;

/** People without policies, a key that is theirs to use by grants alone, and the root who makes these. */
final class GrantScene implements AutoCloseable {

    static final String ROOT = "arn:aws:iam::111122223333:root";
    static final String ALICE = "arn:aws:iam::111122223333:user/alice";
    static final String BOB = "arn:aws:iam::111122223333:user/bob";
    static final String ROLE = "arn:aws:iam::111122223333:role/reader";
    static final String SESSION = "arn:aws:sts::111122223333:assumed-role/reader/today";
    static final String STRANGER = "arn:aws:iam::444455556666:root";
    static final SdkBytes DATA = SdkBytes.fromUtf8String("attack at dawn");
    static final Map<String, String> CONTEXT = Map.of("Volume", "vol-1", "tier", "gold");

    final LiveCallers callers;
    final KmsClient root;
    private String key;

    GrantScene() throws Exception {
        callers = new LiveCallers();
        root = callers.of(ROOT);
        List.of(ALICE, BOB, ROLE, STRANGER).forEach(callers::make);
        key = root.createKey().keyMetadata().arn();
    }

    void newKey() {
        key = root.createKey().keyMetadata().arn();
    }

    /** Its ARN. */
    String key() {
        return key;
    }

    KmsClient of(String principalArn) {
        return callers.of(principalArn);
    }

    @CanIgnoreReturnValue
    CreateGrantResponse grant(String grantee, GrantOperation... operations) {
        return root.createGrant(
                asked -> asked.keyId(key).granteePrincipal(grantee).operations(operations));
    }

    @CanIgnoreReturnValue
    CreateGrantResponse grant(Consumer<CreateGrantRequest.Builder> terms) {
        return root.createGrant(asked -> terms.accept(asked.keyId(key).granteePrincipal(ALICE)));
    }

    @CanIgnoreReturnValue
    SdkBytes encrypted(KmsClient kms, Map<String, String> context) {
        return kms.encrypt(asked -> asked.keyId(key).plaintext(DATA).encryptionContext(context))
                .ciphertextBlob();
    }

    void encrypt(KmsClient kms) {
        var unused = encrypted(kms, CONTEXT);
    }

    static String refused(Runnable call) {
        var no = assertThrows(KmsException.class, call::run).awsErrorDetails();
        return no.errorCode() + ": " + no.errorMessage();
    }

    String noIdentity(String caller, String action) {
        return "AccessDeniedException: User: " + caller + " is not authorized to perform: kms:" + action
                + " on resource: " + key + " because no identity-based policy allows the kms:" + action + " action";
    }

    String noResource(String caller, String action) {
        return noIdentity(caller, action).replace("no identity-based", "no resource-based");
    }

    List<GrantListEntry> list() {
        return root.listGrants(asked -> asked.keyId(key)).grants();
    }

    void encryptWith(String caller, String... tokens) {
        var unused =
                of(caller).encrypt(asked -> asked.keyId(key).plaintext(DATA).grantTokens(tokens));
    }

    @Override
    public void close() {
        callers.close();
    }
}
