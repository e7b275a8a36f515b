package dev.strongroom.gateway.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.api.AwsJson;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.Operation;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.GrantAddress;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantOperationsTest {

    private static final String ALICE = "'GranteePrincipal':'arn:aws:iam::111122223333:user/alice'";
    private static final World WORLD = World.of(
                    Sample.key(KeyState.ENABLED),
                    Sample.key(Sample.OTHER_ID, KeySpec.ECC_NIST_P256, KeyUsage.SIGN_VERIFY, KeyState.ENABLED))
            .with(Sample.grant(Sample.ID, 1));

    private static String outcome(String operation, String members) {
        return WORLD.outcome(operation, Sample.json("{" + members + "}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            'Operations':['CreateGrant'] | ValidationException: Grants must not contain only the CreateGrant operation.
            'Operations':[] | ValidationException: A grant must allow at least one operation.
            'Operations':['Sign'] | ValidationException: Operation Sign is not valid for a key with key spec SYMMETRIC_DEFAULT and key usage ENCRYPT_DECRYPT.
            'Operations':['Encrypt'],'Constraints':{'EncryptionContextEquals':{'a':'<385 x>'}} | ValidationException: The value of an encryption context pair in a grant constraint must not be longer than 384 characters.
            'Operations':['Encrypt'],'RetiringPrincipal':'arn:aws:iam::111122223333:group/x' | InvalidArnException: ARN does not refer to a valid principal: arn:aws:iam::111122223333:group/x
            'Operations':['Encrypt'],'GranteeServicePrincipal':'rds.amazonaws.com' | ValidationException: Specify exactly one of GranteePrincipal and GranteeServicePrincipal.
            'Operations':['Encrypt'],'Name':'nightly' | ok
            'Operations':['Encrypt','CreateGrant','RetireGrant','DescribeKey'] | ok
            """)
    void aGrantHasToMakeSense(String members, String outcome) {
        assertEquals(outcome, outcome("CreateGrant", "'KeyId':'<ID>'," + ALICE + "," + members));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            'Operations':['Encrypt'] | ValidationException: Specify exactly one of GranteePrincipal and GranteeServicePrincipal.
            'GranteeServicePrincipal':'rds.amazonaws.com','Operations':['Encrypt'] | ValidationException: A grant to a service must have a SourceArn constraint and a retiring principal.
            'GranteePrincipal':'111122223333','Operations':['Encrypt'] | InvalidArnException: ARN does not refer to a valid principal: 111122223333
            'GranteePrincipal':'*','Operations':['Encrypt'] | 1 validation error
            """)
    void somebodyIsGranted(String members, String outcome) {
        var actual = outcome("CreateGrant", "'KeyId':'<ID>'," + members);
        assertTrue(actual.contains(outcome), actual);
    }

    @Test
    void aServiceNeedsItsResourceAndSomebodyToRetireTheGrant() {
        var command = WORLD.command(
                GrantCommand.CreateGrant.class,
                "CreateGrant",
                Sample.json("{'KeyId':'<OTHER>','GranteeServicePrincipal':'rds.amazonaws.com','Operations':['Sign'],"
                        + "'RetiringServicePrincipal':'rds.amazonaws.com',"
                        + "'Constraints':{'SourceArn':'arn:aws:rds:eu-central-1:111122223333:db:x'}}"));
        assertEquals(
                new GrantRecord.Terms(
                        "rds.amazonaws.com",
                        Optional.of("rds.amazonaws.com"),
                        List.of("Sign"),
                        new GrantRecord.Constraints(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of("arn:aws:rds:eu-central-1:111122223333:db:x")),
                        ""),
                command.terms());
        assertTrue(command.grantId().matches("[0-9a-f]{64}"), command.grantId());
        assertEquals(Sample.ACCOUNT, command.issuingAccount());
    }

    @Test
    void theTermsOfAnAnswerAreThoseOfTheRequestInOrder() {
        var command = WORLD.command(
                GrantCommand.CreateGrant.class,
                "CreateGrant",
                Sample.json("{'KeyId':'<ID>'," + ALICE + ",'Operations':['Encrypt','Decrypt','Encrypt'],"
                        + "'Constraints':{'EncryptionContextSubset':{'a':'b'}}}"));
        assertEquals(List.of("Decrypt", "Encrypt"), command.terms().operations());
        assertEquals(
                Optional.of(Map.of("a", "b")), command.terms().constraints().contextSubset());
    }

    @Test
    void theQuotaIsNamed() {
        var refusal = WORLD.refusal(
                "CreateGrant",
                Sample.json("{'KeyId':'<ID>'," + ALICE + ",'Operations':['Encrypt']}"),
                new Refused(Refusal.LIMIT_EXCEEDED, "50000"));
        assertEquals(
                "LimitExceededException: Grants per key quota is 50000, current usage is 50000.",
                refusal.orElseThrow().getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            RetireGrant | 'KeyId':'<ID>' | ValidationException: Specify either GrantToken or both KeyId and GrantId to identify the grant.
            RetireGrant | 'GrantId':'<64 1>' | ValidationException: Specify either GrantToken or both KeyId and GrantId to identify the grant.
            RetireGrant | 'GrantToken':'AAAA','KeyId':'<ID>','GrantId':'<64 1>' | ValidationException: Specify either GrantToken or both KeyId and GrantId to identify the grant.
            RetireGrant | 'GrantToken':'not base64' | InvalidGrantTokenException
            RetireGrant | 'GrantToken':'AAAA' | InvalidGrantTokenException
            RetireGrant | 'KeyId':'<ID>','GrantId':'x' | InvalidGrantIdException: Grant ID x is not valid.
            RetireGrant | 'KeyId':'<ID>','GrantId':'<64 2>' | NotFoundException: Grant ID <64 2> not found
            RetireGrant | 'KeyId':'alias/it','GrantId':'<64 1>' | InvalidArnException: Key Aliases are not supported for this operation.
            RevokeGrant | 'KeyId':'<ID>','GrantId':'<64 2>' | NotFoundException: Grant ID <64 2> not found
            RevokeGrant | 'KeyId':'<OTHER>','GrantId':'<64 1>' | NotFoundException: Grant ID <64 1> not found
            RevokeGrant | 'KeyId':'<ID>','GrantId':'<64 G>' | InvalidGrantIdException: Grant ID <64 G> is not valid.
            ListGrants | 'KeyId':'<ID>','GrantId':'x' | InvalidGrantIdException: Grant ID x is not valid.
            ListGrants | 'KeyId':'<ID>','Marker':'x' | InvalidMarkerException: The marker is not valid for this list.
            ListGrants | 'KeyId':'<ID>','GranteePrincipal':'arn:aws:iam::1:root' | InvalidArnException: ARN does not refer to a valid principal: arn:aws:iam::1:root
            ListRetirableGrants | | ValidationException: Specify exactly one of RetiringPrincipal and RetiringServicePrincipal.
            """)
    void aGrantHasToBeNamed(String operation, String members, String outcome) {
        assertEquals(Sample.expand(outcome), outcome(operation, members == null ? "" : members));
    }

    @Test
    void noOperationForgetsThatItsCallersMaySendTokens() {
        var token = Bytes.wrap(new byte[] {1, 2, 3});
        int with = 0;
        for (var operation : Operation.values()) {
            boolean hasMember = operation.newRequestBuilder().sdkFields().stream()
                    .anyMatch(field -> field.locationName().equals("GrantTokens"));
            var request = AwsJson.read(
                    operation,
                    ("{\"GrantTokens\":[\"" + GrantTokens.text(token) + "\"]}").getBytes(StandardCharsets.UTF_8));
            assertEquals(
                    hasMember ? List.of(new GrantAddress.ByToken(token)) : List.of(),
                    GrantTokens.of(request),
                    operation.wireName());
            with += hasMember ? 1 : 0;
        }
        assertEquals(17, with);
    }

    @Test
    void whatIsNoBase64IsNoToken() {
        for (var text : List.of("x", "=", "äöü", "AAA-", "AAAA AAAA")) {
            var e = assertThrows(KmsException.class, () -> GrantTokens.address(text));
            assertEquals("InvalidGrantTokenException", e.getMessage());
        }
    }
}
