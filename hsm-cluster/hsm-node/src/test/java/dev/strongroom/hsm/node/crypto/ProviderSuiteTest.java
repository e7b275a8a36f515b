package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dev.strongroom.hsm.node.crypto.SelfTest.KnownAnswer;
import dev.strongroom.hsm.protocol.Bytes;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProviderSuiteTest {

    static List<ProviderSuite> suites() {
        return TestKeys.suites();
    }

    @ParameterizedTest
    @MethodSource("suites")
    void givesTheKnownAnswers(ProviderSuite suite) {
        AsymmetricSelfTest.run(suite, TestEntropy.shared().asSecureRandom());
    }

    @Test
    void oneWrongBitInAnyAnswerIsNoticed() {
        var answers = AsymmetricSelfTest.knownAnswers(
                ProviderSuite.FLOOR, TestEntropy.shared().asSecureRandom());
        assertEquals(15, answers.size());
        for (int wrong = 0; wrong < answers.size(); wrong++) {
            var planted = new ArrayList<>(answers);
            var answer = planted.get(wrong);
            var changed = answer.expected().toArray();
            changed[0] ^= 1;
            planted.set(wrong, new KnownAnswer(answer.primitive(), Bytes.wrap(changed), answer.computed()));
            var failure = assertThrows(IllegalStateException.class, () -> SelfTest.run(planted));
            assertEquals("self-test failed: " + answer.primitive() + " gives a wrong answer", failure.getMessage());
        }
    }

    @Test
    void aPlatformWithoutCorrettoFallsBackAndSaysWhy() {
        var without = ProviderSuite.choose(() -> {
            throw new NoClassDefFoundError("no jar");
        });
        assertEquals(
                "all asymmetric cryptography by Bouncy Castle: java.lang.NoClassDefFoundError: no jar",
                without.toString());
        assertSame(ProviderSuite.FLOOR.rsa(), without.rsa());
        for (var curve : Curve.values()) {
            assertSame(ProviderSuite.FLOOR.curve(curve), without.curve(curve));
        }
        AsymmetricSelfTest.run(without, TestEntropy.shared().asSecureRandom());
    }

    @Test
    void correttoServesWhereItLoads() {
        var provider = new AmazonCorrettoCryptoProvider();
        var suite = ProviderSuite.choose(() -> provider);
        assertSame(provider.getLoadingError() == null ? provider : ProviderSuite.FLOOR.rsa(), suite.rsa());
    }

    @Test
    void noProviderIsInstalled() {
        AsymmetricSelfTest.run(
                ProviderSuite.best(TestEntropy.shared()), TestEntropy.shared().asSecureRandom());
        assertTrue(Arrays.stream(Security.getProviders())
                .noneMatch(provider ->
                        provider.getName().equals("BC") || provider.getName().startsWith("Amazon")));
    }
}
