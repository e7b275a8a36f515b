package dev.strongroom.gateway.sigv4;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.keys.Failures;
import dev.strongroom.gateway.keys.FreshReads;
import dev.strongroom.hsm.protocol.Freshness;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SigV4VerifierProperties {

    private static final FreshReads PLENTY = new FreshReads(() -> 0, 1_000_000, 1_000_000);

    private final SigV4Verifier verifier =
            new SigV4Verifier(new SigningKeys(new IdentityHsm(), PLENTY, PLENTY, () -> 0), () -> Message.NOW, "kms");

    private KmsException refusal(SignedRequest request) {
        var failure = assertThrows(
                CompletionException.class,
                () -> verifier.verify(request, Freshness.LOCAL)
                        .toCompletableFuture()
                        .join());
        return (KmsException) Failures.cause(failure);
    }

    @Property
    void noBitOfTheBodyCanBeChanged(@ForAll @IntRange(max = 1_000) int place, @ForAll @IntRange(max = 7) int bit) {
        var message = Message.signed();
        var body = message.body().clone();
        body[place % body.length] ^= (byte) (1 << bit);

        assertTrue(refusal(message.withBody(body)).getMessage().startsWith("InvalidSignatureException"));
    }

    @Property
    void noByteOfASignedHeaderCanBeChanged(
            @ForAll @IntRange(max = 1_000) int which, @ForAll @IntRange(max = 1_000) int place, @ForAll char other) {
        var message = Message.signed();
        var names =
                new ArrayList<>(List.of("content-type", "host", "x-amz-content-sha256", "x-amz-date", "x-amz-target"));
        var name = names.get(which % names.size());
        var value = message.header(name).get(0);
        int at = place % value.length();
        // Blanks around a value are no part of it, and a blank more or less inside is not either.
        char replacement = other <= ' ' || other == value.charAt(at) ? '!' : other;

        var refusal = refusal(message.put(name, value.substring(0, at) + replacement + value.substring(at + 1)));

        assertTrue(refusal.error().status() == 400, refusal.getMessage());
    }

    @Property
    void noCharacterOfTheAuthorizationHeaderCanBeChanged(
            @ForAll @IntRange(max = 1_000) int place, @ForAll @IntRange(min = '!', max = '~') int other) {
        var message = Message.signed();
        var header = message.authorization();
        int at = place % header.length();
        if (header.charAt(at) == other || Character.toLowerCase(header.charAt(at)) == Character.toLowerCase(other)) {
            return;
        }

        var refusal = refusal(
                message.put("Authorization", header.substring(0, at) + (char) other + header.substring(at + 1)));

        assertTrue(refusal.error().status() == 400, refusal.getMessage());
    }

    @Property
    void noHeaderMakesTheParserFailOtherwise(@ForAll String header, @ForAll String date) {
        var message = Message.signed()
                .put("Authorization", "AWS4-HMAC-SHA256 " + header)
                .put("X-Amz-Date", date);

        assertTrue(refusal(message).error().status() == 400);
    }
}
