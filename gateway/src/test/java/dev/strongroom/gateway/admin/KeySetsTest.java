package dev.strongroom.gateway.admin;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Key sets of identity providers that are taken, and that are not. */
class KeySetsTest {

    private static String withSecrets(JWK... keys) {
        return new JWKSet(List.of(keys)).toString(false);
    }

    @Test
    void whatAProviderPublishesIsTaken() throws JOSEException {
        var published = new JWKSet(List.of(
                        new RSAKeyGenerator(2_048).keyID("r").generate(),
                        new ECKeyGenerator(Curve.P_521).keyID("e").generate()))
                .toString();
        assertDoesNotThrow(() -> KeySets.require(published));
        // A kind of key that nobody knows yet verifies nothing and harms nobody.
        assertDoesNotThrow(() -> KeySets.require(published.replace("[", "[{\"kty\":\"new\",\"x\":\"y\"},")));
    }

    private static Stream<Arguments> refused() throws JOSEException {
        var rsa = new RSAKeyGenerator(2_048).generate();
        return Stream.of(
                Arguments.of("nonsense", "no JSON Web Key Set"),
                Arguments.of("[]", "no JSON Web Key Set"),
                Arguments.of("{}", "no JSON Web Key Set"),
                Arguments.of("{\"keys\":{}}", "no JSON Web Key Set"),
                Arguments.of("{\"keys\":[7]}", "no JSON Web Key Set"),
                Arguments.of("{\"keys\":[]}", "has no key"),
                Arguments.of("{\"keys\":[{\"kty\":\"new\"}]}", "has no key"),
                Arguments.of(new JWKSet(new RSAKeyGenerator(1_024, true).generate()).toString(), "has 1024 bits"),
                Arguments.of(withSecrets(rsa), "private member 'd'"),
                Arguments.of(
                        withSecrets(rsa.toPublicJWK(), new ECKeyGenerator(Curve.P_256).generate()),
                        "private member 'd'"),
                Arguments.of(withSecrets(new OctetSequenceKeyGenerator(256).generate()), "private member 'k'"),
                Arguments.of("{\"keys\":[{\"kty\":\"new\",\"k\":\"c2VjcmV0\"}]}", "private member 'k'"));
    }

    @ParameterizedTest
    @MethodSource
    void refused(String keys, String why) {
        var no = assertThrows(AdminRefusal.class, () -> KeySets.require(keys));
        assertEquals("ValidationError", no.code());
        assertTrue(no.text().contains(why), no.text());
    }
}
