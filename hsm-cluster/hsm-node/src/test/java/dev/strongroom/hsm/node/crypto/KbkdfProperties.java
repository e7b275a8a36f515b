package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.KDFCounterBytesGenerator;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KDFCounterParameters;

/** Two implementations that share no code have to agree on everything. */
class KbkdfProperties {

    @Property(tries = 500)
    void agreesWithBouncyCastle(
            @ForAll @Size(min = 1, max = 512) byte[] key,
            @ForAll @AlphaChars @StringLength(max = 40) String label,
            @ForAll @Size(max = 100) byte[] context,
            @ForAll @IntRange(min = 1, max = 512) int bytes) {
        var fixedInput = ByteBuffer.allocate(label.length() + 1 + context.length + 4)
                .put(label.getBytes(StandardCharsets.US_ASCII))
                .put((byte) 0)
                .put(context)
                .putInt(bytes * 8)
                .array();
        var reference = new KDFCounterBytesGenerator(new HMac(new SHA256Digest()));
        reference.init(new KDFCounterParameters(key, fixedInput, 32));
        var expected = new byte[bytes];
        assertEquals(bytes, reference.generateBytes(expected, 0, bytes));
        try (var material = KeyMaterial.takeFrom(key)) {
            assertArrayEquals(expected, Kbkdf.derive(material, label, context, bytes));
        }
    }
}
