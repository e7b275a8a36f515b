package dev.strongroom.gateway.authz;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.api.KmsException;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyUsage;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Constraints are written as {@code equals k=v,k=v}, {@code subset k=v} or {@code source arn}, or several of them. */
class GrantRulesTest {

    private static final Principal ALICE = Principal.ofGrant("arn:aws:iam::111122223333:user/alice");
    private static final Principal LOGS = Principal.ofServiceGrant("logs.eu-west-1.amazonaws.com");

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "SYMMETRIC_DEFAULT; ENCRYPT_DECRYPT; Decrypt Encrypt GenerateDataKey GenerateDataKeyPair"
                        + " GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo",
                "RSA_2048; ENCRYPT_DECRYPT; Decrypt Encrypt GetPublicKey ReEncryptFrom ReEncryptTo",
                "SM2; ENCRYPT_DECRYPT; Decrypt Encrypt GetPublicKey ReEncryptFrom ReEncryptTo",
                "RSA_4096; SIGN_VERIFY; GetPublicKey Sign Verify",
                "ECC_NIST_P256; SIGN_VERIFY; GetPublicKey Sign Verify",
                "ML_DSA_65; SIGN_VERIFY; GetPublicKey Sign Verify",
                "HMAC_256; GENERATE_VERIFY_MAC; GenerateMac VerifyMac",
                "ECC_NIST_P384; KEY_AGREEMENT; DeriveSharedSecret GetPublicKey",
                "ML_KEM_768; ENCAPSULATE_DECAPSULATE; Decapsulate Encapsulate GetPublicKey"
            })
    void operationsSuitTheKey(KeySpec spec, KeyUsage usage, String operations) {
        var expected = Stream.concat(
                        Arrays.stream(operations.split(" ", -1)),
                        Stream.of("CreateGrant", "DescribeKey", "RetireGrant"))
                .sorted()
                .toList();
        assertEquals(
                expected,
                GrantRules.operations(spec, usage).stream()
                        .map(GrantOperation::wireName)
                        .sorted()
                        .toList());
        for (var operation : GrantOperation.values()) {
            var terms = terms(ALICE, "", EnumSet.of(operation, GrantOperation.DESCRIBE_KEY));
            if (expected.contains(operation.wireName())) {
                assertDoesNotThrow(() -> GrantRules.requireValid(terms, spec, usage, any -> true));
            } else {
                assertEquals(
                        "ValidationException: Operation " + operation.wireName()
                                + " is not valid for a key with key spec " + spec + " and key usage " + usage + ".",
                        refusal(terms, spec, usage));
            }
        }
    }

    @Test
    void createGrantAloneIsNoGrant() {
        assertEquals(
                "ValidationException: Grants must not contain only the CreateGrant operation.",
                refusal(
                        terms(ALICE, "", Set.of(GrantOperation.CREATE_GRANT)),
                        KeySpec.SYMMETRIC_DEFAULT,
                        KeyUsage.ENCRYPT_DECRYPT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "RSA_2048; equals k=v",
                "RSA_2048; subset k=v",
                "SYMMETRIC_DEFAULT; subset a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1",
                "SYMMETRIC_DEFAULT; equals a=1,A=1",
                "SYMMETRIC_DEFAULT; subset a=1,A=2",
                "SYMMETRIC_DEFAULT; subset a=LONG"
            })
    void constraintsHaveLimits(KeySpec spec, String constraints) {
        var terms = terms(ALICE, constraints.replace("LONG", "x".repeat(385)), Set.of(GrantOperation.ENCRYPT));
        assertTrue(refusal(terms, spec, KeyUsage.ENCRYPT_DECRYPT).startsWith("ValidationException: "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "equals k=v",
                "subset a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1",
                "subset a=LONG",
                "source arn:aws:s3:::b"
            })
    void upToTheLimitTheyAreFine(String constraints) {
        var terms = terms(ALICE, constraints.replace("LONG", "x".repeat(384)), Set.of(GrantOperation.ENCRYPT));
        assertDoesNotThrow(
                () -> GrantRules.requireValid(terms, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, any -> true));
    }

    @Test
    void aServiceNeedsASourceAndSomebodyToRetireItsGrant() {
        var operations = Set.of(GrantOperation.ENCRYPT);
        var source = constraints("source arn:aws:logs:eu-west-1:111122223333:log-group:x");
        for (var incomplete : List.of(
                new GrantTerms(LOGS, Optional.of(ALICE), operations, GrantConstraints.none(), ""),
                new GrantTerms(LOGS, Optional.empty(), operations, source, ""))) {
            assertEquals(
                    "ValidationException: A grant to a service must have a SourceArn constraint and a retiring principal.",
                    refusal(incomplete, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT));
        }
        assertDoesNotThrow(() -> GrantRules.requireValid(
                new GrantTerms(LOGS, Optional.of(LOGS), operations, source, ""),
                KeySpec.SYMMETRIC_DEFAULT,
                KeyUsage.ENCRYPT_DECRYPT,
                any -> false));
    }

    @Test
    void granteeAndRetiringPrincipalExist() {
        var account = Principal.ofGrant("arn:aws:iam::444455556666:root");
        var terms = new GrantTerms(
                ALICE, Optional.of(account), Set.of(GrantOperation.ENCRYPT), GrantConstraints.none(), "");
        assertEquals(
                "InvalidArnException: ARN does not refer to a valid principal: arn:aws:iam::111122223333:user/alice",
                refusal(terms, account));
        assertEquals(
                "InvalidArnException: ARN does not refer to a valid principal: arn:aws:iam::444455556666:root",
                refusal(terms, ALICE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "alice",
                "111122223333",
                "arn:aws:iam::111122223333:group/g",
                "arn:aws:iam::111122223333:role/*",
                "arn:aws:s3:::bucket",
                "arn:aws-cn:iam::111122223333:root",
                "arn:aws:iam",
                "AIDAALICE"
            })
    void aGrantIsForWhoCanHaveOne(String arn) {
        assertEquals(
                "InvalidArnException: ARN does not refer to a valid principal: " + arn,
                assertThrows(KmsException.class, () -> Principal.ofGrant(arn)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:iam::111122223333:root",
                "arn:aws:iam::111122223333:user/a/b",
                "arn:aws:iam::111122223333:role/r",
                "arn:aws:sts::111122223333:assumed-role/r/s",
                "arn:aws:sts::111122223333:federated-user/f"
            })
    void andIsShownAsItWasGiven(String arn) {
        assertEquals(arn, Principal.ofGrant(arn).arn());
    }

    /** Columns: outcome; what the child allows and demands; the same of the parent. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "yes; Encrypt; ; Encrypt,Decrypt,CreateGrant; ",
                "yes; Encrypt,CreateGrant; ; Encrypt,Decrypt,CreateGrant; ",
                "no;  Encrypt,Sign; ; Encrypt,CreateGrant; ",
                "no;  Encrypt,RetireGrant; ; Encrypt,CreateGrant; ",
                "yes; Encrypt; subset k=v; Encrypt; ",
                "yes; Encrypt; equals k=v; Encrypt; ",
                "yes; Encrypt; source arn:aws:s3:::b; Encrypt; ",
                "no;  Encrypt; ; Encrypt; subset k=v",
                "yes; Encrypt; subset k=v; Encrypt; subset k=v",
                "yes; Encrypt; subset K=v; Encrypt; subset k=v",
                "no;  Encrypt; subset k=V; Encrypt; subset k=v",
                "yes; Encrypt; subset k=v,l=w; Encrypt; subset k=v",
                "no;  Encrypt; subset k=v; Encrypt; subset k=v,l=w",
                "yes; Encrypt; equals k=v; Encrypt; subset k=v",
                "yes; Encrypt; equals k=v,l=w; Encrypt; subset k=v",
                "no;  Encrypt; equals l=w; Encrypt; subset k=v",
                "no;  Encrypt; ; Encrypt; equals k=v",
                "yes; Encrypt; equals k=v; Encrypt; equals k=v",
                "yes; Encrypt; equals K=v; Encrypt; equals k=v",
                "no;  Encrypt; equals k=v,l=w; Encrypt; equals k=v",
                "no;  Encrypt; subset k=v; Encrypt; equals k=v",
                "yes; Encrypt; equals k=v,l=w subset k=v; Encrypt; subset k=v",
                "yes; Encrypt; equals k=v,l=w subset k=v; Encrypt; subset l=w",
                "no;  Encrypt; equals k=v subset l=w; Encrypt; subset l=w",
                "no;  Encrypt; ; Encrypt; source arn:aws:s3:::b",
                "no;  Encrypt; source arn:aws:s3:::c; Encrypt; source arn:aws:s3:::b",
                "yes; Encrypt; source arn:aws:s3:::b; Encrypt; source arn:aws:s3:::b",
                "no;  Encrypt; source arn:aws:s3:::b; Encrypt; source arn:aws:s3:::b subset k=v"
            })
    void aChildIsNoWiderThanItsParent(
            String outcome, String operations, String constraints, String parentOperations, String parentConstraints) {
        var child = terms(ALICE, constraints == null ? "" : constraints, operations(operations));
        var parent = terms(ALICE, parentConstraints == null ? "" : parentConstraints, operations(parentOperations));
        assertEquals(outcome.equals("yes"), GrantRules.isNoWider(child, parent));
    }

    @Test
    void fiftyThousandAreTheLimit() {
        assertEquals(
                "LimitExceededException: Grants per key quota is 50000, current usage is 50000.",
                GrantRules.exhausted("50000").getMessage());
    }

    @Test
    void policiesMayAskForTheTerms() {
        var terms = new GrantTerms(
                ALICE,
                Optional.of(LOGS),
                Set.of(GrantOperation.ENCRYPT, GrantOperation.DECRYPT),
                constraints("subset k=v"),
                "n");
        var keys = GrantRules.keys(terms);
        assertEquals(List.of("Decrypt", "Encrypt"), keys.values("kms:grantoperations"));
        assertEquals(List.of(ALICE.value()), keys.values("kms:granteeprincipal"));
        assertEquals(List.of(LOGS.value()), keys.values("kms:retiringprincipal"));
        assertEquals(List.of("EncryptionContextSubset"), keys.values("kms:grantconstrainttype"));
        assertEquals(List.of("false"), keys.values("kms:grantisforawsresource"));
        assertEquals(List.of(), keys.values("kms:keyspec"));
        assertEquals(Map.of("k", "v"), terms.constraints().context());
    }

    private static Set<GrantOperation> operations(String names) {
        return Arrays.stream(names.split(",", -1))
                .map(name -> GrantOperation.find(name.strip()).orElseThrow())
                .collect(Collectors.toSet());
    }

    private static GrantTerms terms(Principal grantee, String constraints, Set<GrantOperation> operations) {
        return new GrantTerms(grantee, Optional.empty(), operations, constraints(constraints), "");
    }

    private static GrantConstraints constraints(String text) {
        Map<String, String> kinds = new HashMap<>();
        var words = text.isEmpty() ? new String[0] : text.strip().split(" ", -1);
        for (int i = 0; i < words.length; i += 2) {
            kinds.put(words[i], words[i + 1]);
        }
        return new GrantConstraints(
                Optional.ofNullable(kinds.get("equals")).map(GrantRulesTest::pairs),
                Optional.ofNullable(kinds.get("subset")).map(GrantRulesTest::pairs),
                Optional.ofNullable(kinds.get("source")));
    }

    private static Map<String, String> pairs(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    private static String refusal(GrantTerms terms, Principal only) {
        return assertThrows(
                        KmsException.class,
                        () -> GrantRules.requireValid(
                                terms, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, only::equals))
                .getMessage();
    }

    private static String refusal(GrantTerms terms, KeySpec spec, KeyUsage usage) {
        return assertThrows(KmsException.class, () -> GrantRules.requireValid(terms, spec, usage, any -> true))
                .getMessage();
    }
}
