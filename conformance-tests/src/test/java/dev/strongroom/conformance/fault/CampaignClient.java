package dev.strongroom.conformance.fault;

import dev.strongroom.conformance.fault.ClientLog.AliasAsked;
import dev.strongroom.conformance.fault.ClientLog.AliasSeen;
import dev.strongroom.conformance.fault.ClientLog.Decrypted;
import dev.strongroom.conformance.fault.ClientLog.Encrypted;
import dev.strongroom.conformance.fault.ClientLog.KeyCreated;
import dev.strongroom.conformance.fault.ClientLog.Missing;
import dev.strongroom.conformance.fault.ClientLog.StateAsked;
import dev.strongroom.conformance.fault.ClientLog.StateSeen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.NotFoundException;

/**
 * An application that makes keys and aliases, enables, disables and deletes keys, encrypts and decrypts, one thing after the
 * other and each through a gateway of its choice, and writes down what it was told. It never repeats a request whose outcome it does
 * not know; it goes on with another.
 */
final class CampaignClient {

    private static final List<Restriction> RESTRICTIONS = List.of(Restriction.values());

    private final int number;
    private final List<KmsClient> gateways;
    private final Random random;
    private final ClientLog log = new ClientLog();
    private final RestrictedKeys restricted = new RestrictedKeys(log);
    private final List<String> keys = new ArrayList<>();
    private final Map<String, Boolean> enabled = new HashMap<>();
    private final List<Encrypted> sealed = new ArrayList<>();
    private final List<String> aliases = new ArrayList<>();
    private int counter;

    /** @param gateways without retries; each client of the SDK reaches one gateway */
    CampaignClient(int number, List<KmsClient> gateways, long seed) {
        this.number = number;
        this.gateways = gateways;
        this.random = new Random(seed);
    }

    ClientLog log() {
        return log;
    }

    int keys() {
        return keys.size();
    }

    /** Works until told to stop. */
    void run(BooleanSupplier stopped) {
        while (!stopped.getAsBoolean()) {
            int what = random.nextInt(100);
            if (keys.isEmpty() || what < 18) {
                createKey();
            } else if (what < 36) {
                encrypt(anyKey());
            } else if (what < 52) {
                decrypt();
            } else if (what < 60) {
                alias();
            } else if (what < 68) {
                var unused = describe(anyKey());
            } else if (what < 86) {
                changeState(anyKey());
            } else {
                var unused = restrict(
                        RESTRICTIONS.get(random.nextInt(RESTRICTIONS.size())), random.nextInt(gateways.size()));
            }
        }
    }

    private KmsClient anyGateway() {
        return gateways.get(random.nextInt(gateways.size()));
    }

    private String anyKey() {
        return keys.get(random.nextInt(keys.size()));
    }

    /** Empty if the outcome is unknown. */
    private <T> Optional<T> ask(String about, Supplier<T> request) {
        try {
            var answer = request.get();
            log.servedAt(System.nanoTime());
            return Optional.of(answer);
        } catch (NotFoundException e) {
            log.add(new Missing(about + ": " + e.getMessage()));
            return Optional.empty();
        } catch (SdkException e) {
            return Optional.empty();
        }
    }

    private void createKey() {
        var kms = anyGateway();
        ask("CreateKey", kms::createKey).ifPresent(created -> {
            var keyId = created.keyMetadata().keyId();
            keys.add(keyId);
            enabled.put(keyId, true);
            log.add(new KeyCreated(keyId));
            encrypt(keyId);
        });
    }

    private void encrypt(String keyId) {
        var text = "client " + number + " text " + ++counter;
        var kms = anyGateway();
        ask(keyId, () -> kms.encrypt(request -> request.keyId(keyId).plaintext(SdkBytes.fromUtf8String(text))))
                .ifPresent(answer -> {
                    var done = new Encrypted(keyId, text, answer.ciphertextBlob());
                    sealed.add(done);
                    log.add(done);
                });
    }

    private void decrypt() {
        if (!sealed.isEmpty()) {
            var unused = decrypt(sealed.get(random.nextInt(sealed.size())));
        }
    }

    private boolean decrypt(Encrypted old) {
        var kms = anyGateway();
        var opened = ask(old.keyId(), () -> kms.decrypt(request -> request.ciphertextBlob(old.blob())));
        opened.ifPresent(
                answer -> log.add(new Decrypted(old.blob(), answer.plaintext().asUtf8String())));
        return opened.isPresent();
    }

    private void alias() {
        var keyId = anyKey();
        var old = aliases.isEmpty() || random.nextInt(3) == 0
                ? Optional.<String>empty()
                : Optional.of(aliases.get(random.nextInt(aliases.size())));
        var name = old.orElseGet(() -> "alias/campaign-" + number + "-" + ++counter);
        var kms = anyGateway();
        long called = System.nanoTime();
        var answer = old.isPresent()
                ? ask(
                        name,
                        () -> kms.updateAlias(request -> request.aliasName(name).targetKeyId(keyId)))
                : ask(
                        name,
                        () -> kms.createAlias(request -> request.aliasName(name).targetKeyId(keyId)));
        log.add(new AliasAsked(name, keyId, answer.isPresent(), called, System.nanoTime()));
        if (answer.isPresent() && old.isEmpty()) {
            aliases.add(name);
        }
    }

    private boolean describe(String keyId) {
        var kms = anyGateway();
        long called = System.nanoTime();
        var answer = ask(keyId, () -> kms.describeKey(request -> request.keyId(keyId)));
        answer.ifPresent(
                found -> log.add(new StateSeen(keyId, found.keyMetadata().enabled(), called, System.nanoTime())));
        return answer.isPresent();
    }

    private void changeState(String keyId) {
        var enable = !enabled.getOrDefault(keyId, true);
        int first = random.nextInt(gateways.size());
        long called = System.nanoTime();
        boolean acknowledged = setState(gateways.get(first), keyId, enable);
        long returned = System.nanoTime();
        log.add(new StateAsked(keyId, enable, acknowledged, called, returned));
        if (acknowledged) {
            enabled.put(keyId, enable);
            if (!enable) {
                restricted.useAfter(Restriction.DISABLED, keyId, called, returned, after(first));
            }
        }
    }

    private KmsClient after(int gateway) {
        return gateways.get((gateway + 1) % gateways.size());
    }

    private boolean restrict(Restriction restriction, int first) {
        return restricted.restrict(restriction, gateways.get(first), after(first));
    }

    /** Every restriction through every gateway; {@code false} if something was not answered. */
    boolean restrictInEveryWay() {
        boolean whole = true;
        for (var restriction : Restriction.values()) {
            for (int first = 0; first < gateways.size(); first++) {
                whole &= restrict(restriction, first);
            }
        }
        return whole;
    }

    private boolean setState(KmsClient kms, String keyId, boolean enable) {
        return enable
                ? ask(keyId, () -> kms.enableKey(request -> request.keyId(keyId)))
                        .isPresent()
                : ask(keyId, () -> kms.disableKey(request -> request.keyId(keyId)))
                        .isPresent();
    }

    /** Looks once at everything that it was ever told exists; {@code false} if something could not be asked. */
    boolean inspect() {
        boolean whole = true;
        for (var keyId : keys) {
            whole &= describe(keyId);
            long called = System.nanoTime();
            boolean enabledAgain = setState(anyGateway(), keyId, true);
            log.add(new StateAsked(keyId, true, enabledAgain, called, System.nanoTime()));
            enabled.put(keyId, true);
            whole &= enabledAgain;
        }
        for (var old : sealed) {
            whole &= decrypt(old);
        }
        for (var alias : aliases) {
            var kms = anyGateway();
            long called = System.nanoTime();
            var found = ask(alias, () -> kms.describeKey(request -> request.keyId(alias)));
            found.ifPresent(
                    answer -> log.add(new AliasSeen(alias, answer.keyMetadata().keyId(), called, System.nanoTime())));
            whole &= found.isPresent();
        }
        // Looked at in any case.
        boolean restrictionsSeen = restricted.inspect(this::anyGateway);
        return whole && restrictionsSeen;
    }
}
