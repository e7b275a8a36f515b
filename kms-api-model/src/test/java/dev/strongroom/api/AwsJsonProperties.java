package dev.strongroom.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import software.amazon.awssdk.core.SdkPojo;

class AwsJsonProperties {

    @Property
    void whatWasWrittenReadsBackEqual(@ForAll Operation operation, @ForAll long seed) {
        var request = new Filled(seed).build(operation.newRequestBuilder());
        SdkPojo read = AwsJson.read(operation, AwsJson.write(request));
        assertEquals(request, read);
    }

    @Property
    void anyBytesEndInARequestOrASerializationError(@ForAll Operation operation, @ForAll byte[] bytes) {
        assertReadsOrRefuses(operation, bytes);
    }

    @Property(tries = 3000)
    void anyJsonLikeTextEndsInARequestOrASerializationError(
            @ForAll Operation operation, @ForAll("jsonLike") String text) {
        assertReadsOrRefuses(operation, text.getBytes(UTF_8));
    }

    @Property(tries = 3000)
    void damagedRequestsEndInARequestOrASerializationError(@ForAll Operation operation, @ForAll long seed) {
        var random = new Random(seed);
        var bytes = AwsJson.write(new Filled(seed).build(operation.newRequestBuilder()));
        for (var i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        assertReadsOrRefuses(operation, bytes);
    }

    @Provide
    Arbitrary<String> jsonLike() {
        var names = Arbitraries.of(
                "KeyId",
                "Plaintext",
                "EncryptionContext",
                "GrantTokens",
                "Tags",
                "Recipient",
                "ValidTo",
                "Limit",
                "Foo");
        var values = Arbitraries.recursive(
                () -> Arbitraries.of(
                        "null", "true", "0", "-1", "1e400", "1E+99999999999", "0.5", "\"\"", "\"YQ==\"", "\"\\ud800\""),
                inner -> Combinators.combine(inner, names, inner, Arbitraries.of("{}", "[]"))
                        .as((a, name, b, form) -> form.equals("[]")
                                ? "[" + a + "," + b + "]"
                                : "{\"" + name + "\":" + a + ",\"TagKey\":" + b + "}"),
                0,
                5);
        return Combinators.combine(names, values, names, values)
                .as((n1, v1, n2, v2) -> "{\"" + n1 + "\":" + v1 + ",\"" + n2 + "\":" + v2 + "}");
    }

    private static void assertReadsOrRefuses(Operation operation, byte[] bytes) {
        try {
            SdkPojo read = AwsJson.read(operation, bytes);
            assertEquals(operation.wireName() + "Request", read.getClass().getSimpleName());
        } catch (KmsException e) {
            assertEquals(KmsError.SERIALIZATION, e.error());
        }
    }
}
