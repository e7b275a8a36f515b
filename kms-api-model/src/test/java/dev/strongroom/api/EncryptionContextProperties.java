package dev.strongroom.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class EncryptionContextProperties {

    @Provide
    Arbitrary<Map<String, String>> contexts() {
        var wellFormed = Arbitraries.strings()
                .ofMaxLength(8)
                .filter(text -> text.equals(new String(text.getBytes(UTF_8), UTF_8)));
        return Arbitraries.maps(wellFormed, wellFormed).ofMaxSize(6);
    }

    @Property
    void parsesBackToAnEqualMap(@ForAll("contexts") Map<String, String> context) {
        assertEquals(context, EncryptionContext.parse(EncryptionContext.canonical(context)));
    }

    @Property
    void equalBytesMeanEqualContexts(
            @ForAll("contexts") Map<String, String> one, @ForAll("contexts") Map<String, String> other) {
        assertEquals(
                one.equals(other), Arrays.equals(EncryptionContext.canonical(one), EncryptionContext.canonical(other)));
    }

    @Property(tries = 5000)
    void whateverParsesIsCanonical(@ForAll("contexts") Map<String, String> context, @ForAll int seed) {
        var bytes = EncryptionContext.canonical(context);
        var random = new java.util.Random(seed);
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        try {
            assertArrayEquals(bytes, EncryptionContext.canonical(EncryptionContext.parse(bytes)));
        } catch (IllegalArgumentException refused) {
            // What is not canonical is refused; anything else thrown fails the property.
        }
    }
}
