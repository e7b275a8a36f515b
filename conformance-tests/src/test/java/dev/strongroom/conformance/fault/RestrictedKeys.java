package dev.strongroom.conformance.fault;

import dev.strongroom.conformance.fault.ClientLog.Missing;
import dev.strongroom.conformance.fault.ClientLog.UsedAfter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.NotFoundException;

/** Keys whose use one client takes away for good, and tries ever after; what came of it stands in the client's log. */
final class RestrictedKeys {

    private final ClientLog log;
    private final List<Restricted> all = new ArrayList<>();

    /** When the change was called and answered. */
    private record Restricted(Restriction restriction, String keyId, long called, long returned) {}

    RestrictedKeys(ClientLog log) {
        this.log = log;
    }

    /**
     * Makes a key, has it used by {@code other}, which so remembers that it may, takes that away through {@code one}, and
     * tries {@code other} again.
     *
     * @return whether all of that was answered
     */
    boolean restrict(Restriction restriction, KmsClient one, KmsClient other) {
        try {
            var keyId = one.createKey().keyMetadata().keyId();
            encrypt(other, keyId);
            var called = System.nanoTime();
            restriction.impose(one, keyId);
            var restricted = new Restricted(restriction, keyId, called, System.nanoTime());
            log.servedAt(restricted.returned());
            all.add(restricted);
            return use(restricted, other);
        } catch (SdkException e) {
            return false;
        }
    }

    /** Tries every key again; {@code false} if one could not be asked for. */
    boolean inspect(Supplier<KmsClient> gateway) {
        boolean whole = true;
        for (var restricted : all) {
            whole &= use(restricted, gateway.get());
        }
        return whole;
    }

    /** The next request after a change that is not for good. */
    void useAfter(Restriction restriction, String keyId, long called, long returned, KmsClient other) {
        var unused = use(new Restricted(restriction, keyId, called, returned), other);
    }

    private boolean use(Restricted key, KmsClient kms) {
        try {
            encrypt(kms, key.keyId());
            return add(key, true);
        } catch (NotFoundException e) {
            log.add(new Missing(key.keyId() + ": " + e.getMessage()));
            return false;
        } catch (KmsException e) {
            // Any other no is no proof.
            return key.restriction().refuses(e) && add(key, false);
        } catch (SdkException e) {
            return false;
        }
    }

    private boolean add(Restricted key, boolean served) {
        log.add(new UsedAfter(key.restriction(), key.keyId(), key.called(), key.returned(), System.nanoTime(), served));
        return true;
    }

    private static void encrypt(KmsClient kms, String keyId) {
        var unused = kms.encrypt(request -> request.keyId(keyId).plaintext(SdkBytes.fromUtf8String("x")));
    }
}
