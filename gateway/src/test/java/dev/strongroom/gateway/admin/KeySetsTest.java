package dev.strongroom.gateway.admin;

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
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
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
        assertEquals(published, KeySets.publicKeys(published));
        // What nobody knows verifies nothing, and is not kept.
        for (var more : List.of(
                published.replace("[", "[{\"kty\":\"new\",\"x\":\"y\"},"),
                published.replace("[{", "[{\"issuer\":\"us\",\"x\":{\"d\":\"c\"},\"D\":\"c\","),
                published.replace("{\"keys\"", "{\"d\":\"c\",\"keys\""))) {
            assertEquals(published, KeySets.publicKeys(more));
        }
    }

    private static String rsa(BigInteger modulus, long exponent, int zeros) {
        var number = modulus.toByteArray();
        var octets = new byte[zeros + number.length];
        System.arraycopy(number, 0, octets, zeros, number.length);
        return "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"" + Base64URL.encode(octets) + "\",\"e\":\""
                + Base64URL.encode(BigInteger.valueOf(exponent)) + "\"}]}";
    }

    private static Stream<Arguments> noKeySets() throws JOSEException {
        var rsa = new RSAKeyGenerator(2_048).generate();
        var modulus = rsa.getModulus().decodeToBigInteger();
        return Stream.of(
                Arguments.of("nonsense", "no JSON Web Key Set"),
                Arguments.of("[]", "no JSON Web Key Set"),
                Arguments.of("{}", "no JSON Web Key Set"),
                Arguments.of("{\"keys\":{}}", "no JSON Web Key Set"),
                Arguments.of("{\"keys\":[7]}", "no JSON Web Key Set"),
                Arguments.of("{\"keys\":[]}", "has no key"),
                Arguments.of("{\"keys\":[{\"kty\":\"new\"}]}", "has no key"),
                Arguments.of(new JWKSet(new RSAKeyGenerator(1_024, true).generate()).toString(), "has 1024 bits"),
                Arguments.of(rsa(modulus.shiftRight(1_024).setBit(0), 65_537, 128), "has 1024 bits"),
                Arguments.of(rsa(modulus, 1, 0), "that no RSA key has"),
                Arguments.of(rsa(modulus, 0, 0), "that no RSA key has"),
                Arguments.of(rsa(modulus, 2, 0), "that no RSA key has"),
                Arguments.of(rsa(modulus.clearBit(0), 65_537, 0), "that no RSA key has"),
                Arguments.of(withSecrets(rsa), "private member 'd'"),
                Arguments.of("{\"keys\":[{\"kty\":\"AKP\",\"priv\":\"c2VjcmV0\"}]}", "private member 'priv'"),
                Arguments.of(
                        withSecrets(rsa.toPublicJWK(), new ECKeyGenerator(Curve.P_256).generate()),
                        "private member 'd'"),
                Arguments.of(withSecrets(new OctetSequenceKeyGenerator(256).generate()), "private member 'k'"),
                Arguments.of("{\"keys\":[{\"kty\":\"new\",\"k\":\"c2VjcmV0\"}]}", "private member 'k'"));
    }

    @ParameterizedTest
    @MethodSource("noKeySets")
    void whatCannotVerifyOrCouldSignIsRefused(String keys, String why) {
        var no = assertThrows(AdminRefusal.class, () -> KeySets.publicKeys(keys));
        assertEquals("ValidationError", no.code());
        assertTrue(no.text().contains(why), no.text());
    }
}
