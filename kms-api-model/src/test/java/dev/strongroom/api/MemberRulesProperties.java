package dev.strongroom.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kms.model.DescribeKeyRequest;
import software.amazon.awssdk.services.kms.model.ListRetirableGrantsRequest;

class MemberRulesProperties {

    private static final Pattern SERVICE_PRINCIPAL =
            Pattern.compile("^([A-Za-z0-9\\-]+)\\.([A-Za-z0-9\\-]+)(\\.[A-Za-z0-9\\-]+)+$");

    private static final Pattern ASCII = Pattern.compile("^\\p{ASCII}+$");

    @Provide
    Arbitrary<String> almostPrincipals() {
        return Arbitraries.strings().withChars("aZ0-..._é").ofMinLength(1).ofMaxLength(12);
    }

    @Property(tries = 5000)
    void servicePrincipalsAreThoseThatTheShownExpressionMatches(@ForAll("almostPrincipals") String principal) {
        var request = ListRetirableGrantsRequest.builder()
                .retiringServicePrincipal(principal)
                .build();
        assertEquals(SERVICE_PRINCIPAL.matcher(principal).matches(), passes(Operation.LIST_RETIRABLE_GRANTS, request));
    }

    @Property
    void keyIdsAreThoseThatTheShownExpressionMatches(@ForAll String keyId) {
        var request = DescribeKeyRequest.builder().keyId(keyId).build();
        assertEquals(ASCII.matcher(keyId).matches() && keyId.length() <= 2048, passes(Operation.DESCRIBE_KEY, request));
    }

    @Property
    void anyRequestPassesOrIsRefusedAsInvalid(@ForAll Operation operation, @ForAll long seed) {
        var unused = passes(operation, new Filled(seed).build(operation.newRequestBuilder()));
    }

    private static boolean passes(Operation operation, SdkPojo request) {
        try {
            MemberRules.check(operation, request);
            return true;
        } catch (KmsException e) {
            assertEquals(KmsError.VALIDATION, e.error());
            return false;
        }
    }
}
