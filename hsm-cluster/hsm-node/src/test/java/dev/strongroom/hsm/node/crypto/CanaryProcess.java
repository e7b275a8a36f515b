package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeySpec;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A process of its own that works with symmetric and HMAC keys while the collector is kept busy, and says after each stage how
 * often the key is in its memory: first halves, second halves, halves in other forms.
 */
final class CanaryProcess {

    private static final byte[] PLACE = "canary".getBytes(StandardCharsets.US_ASCII);
    private static final List<KeySpec> HMAC_SPECS =
            List.of(KeySpec.HMAC_224, KeySpec.HMAC_256, KeySpec.HMAC_384, KeySpec.HMAC_512);
    private static final Bytes ID = Bytes.wrap(new byte[16]);

    private final Entropy entropy = Entropy.start(ID, System::nanoTime);
    private final MessageCipher cipher = new MessageCipher(entropy);
    private final MaterialSeal materialSeal = new MaterialSeal(entropy);
    private final KeyMaterial domainKey = TestEntropy.key(0x40);
    private final int rounds;

    private CanaryProcess(int rounds) {
        this.rounds = rounds;
    }

    /** {@code careful ROUNDS SEALED}, where SEALED is the planted key as this process first gets it, or {@code careless}. */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("careless")) {
            careless();
        } else {
            var canary = new CanaryProcess(Integer.parseInt(arguments[1]));
            canary.settle();
            canary.planted(HexFormat.of().parseHex(arguments[2]));
            canary.generated();
        }
    }

    /**
     * Works with another key until what a MAC is computed in has grown old. A collection that moves such an array in the
     * microsecond in which it holds a block of the key leaves a copy behind; arrays that have settled are not moved.
     */
    private void settle() throws Exception {
        var collector = BusyCollector.start();
        try (var other = TestEntropy.key(0x60)) {
            for (int i = 0; i < rounds; i++) {
                use(other);
            }
        }
        collector.stop();
        System.gc();
    }

    /** A key that comes sealed, as from the journal, is used, evicted, loaded again, sealed again, zeroized. */
    private void planted(byte[] sealedAtFirst) throws Exception {
        var key = materialSeal.open(domainKey, PLACE, sealedAtFirst);
        var scan = new MemoryScan(key);
        var collector = BusyCollector.start();
        for (int i = 0; i < rounds; i++) {
            use(key);
        }
        collector.stop();
        report("used", scan);
        collector = BusyCollector.start();
        var sealed = sealedAtFirst;
        for (int i = 0; i < rounds; i++) {
            key.close();
            key = materialSeal.open(domainKey, PLACE, sealed);
            use(key);
            sealed = materialSeal.seal(domainKey, PLACE, key);
        }
        collector.stop();
        report("reloaded", scan);
        key.close();
        report("zeroized", scan);
    }

    /** A key that is made here. */
    private void generated() throws Exception {
        var key = entropy.newKey(32);
        var scan = new MemoryScan(key);
        var collector = BusyCollector.start();
        for (int i = 0; i < rounds; i++) {
            use(key);
            entropy.newKey(32).close();
        }
        collector.stop();
        report("generated", scan);
        key.close();
        report("destroyed", scan);
    }

    /** The control: what a JCE MAC leaves behind has to be seen, or the scan proves nothing. */
    private static void careless() throws Exception {
        var key = TestEntropy.key(0x40);
        var scan = new MemoryScan(key);
        var heap = new byte[32];
        key.read(0, heap, 32);
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(heap, "HmacSHA256"));
        mac.update(heap, 0, 1);
        report("careless", scan);
        System.out.println(mac.doFinal().length + " " + heap.length);
    }

    private void use(KeyMaterial key) throws InvalidCiphertextException {
        var blob = cipher.seal(key, ID, new byte[32], PLACE);
        if (cipher.open(key, blob, PLACE).length != 32) {
            throw new IllegalStateException("a blob opened to something else");
        }
        for (var spec : HMAC_SPECS) {
            if (!HmacKeys.verify(spec, key, PLACE, HmacKeys.mac(spec, key, PLACE))) {
                throw new IllegalStateException("a MAC is not verified");
            }
        }
    }

    private static void report(String stage, MemoryScan scan) throws Exception {
        var found = scan.scan();
        System.out.println(stage + " " + found.firstHalves() + " " + found.secondHalves() + " " + found.otherForms());
        found.places().forEach(place -> System.out.println("  " + place));
    }

    /** Young collections without pause, full ones now and then, until it is stopped. */
    private static final class BusyCollector {

        private final AtomicBoolean stopped = new AtomicBoolean();
        private final Thread thread = new Thread(this::allocate, "busy-collector");

        static BusyCollector start() {
            var collector = new BusyCollector();
            collector.thread.setDaemon(true);
            collector.thread.start();
            return collector;
        }

        private void allocate() {
            var kept = new byte[64][];
            for (int i = 0; !stopped.get(); i++) {
                kept[i % kept.length] = new byte[50_000];
                if (i % 5_000 == 0) {
                    System.gc();
                }
            }
        }

        void stop() throws InterruptedException {
            stopped.set(true);
            thread.join();
        }
    }
}
