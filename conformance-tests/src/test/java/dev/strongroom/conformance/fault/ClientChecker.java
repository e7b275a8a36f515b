package dev.strongroom.conformance.fault;

import dev.strongroom.conformance.fault.ClientLog.AliasAsked;
import dev.strongroom.conformance.fault.ClientLog.AliasSeen;
import dev.strongroom.conformance.fault.ClientLog.Decrypted;
import dev.strongroom.conformance.fault.ClientLog.Encrypted;
import dev.strongroom.conformance.fault.ClientLog.KeyCreated;
import dev.strongroom.conformance.fault.ClientLog.Missing;
import dev.strongroom.conformance.fault.ClientLog.StateAsked;
import dev.strongroom.conformance.fault.ClientLog.StateSeen;
import dev.strongroom.conformance.fault.ClientLog.UsedAfter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.core.SdkBytes;

/**
 * Holds one client's log against the promises: what was acknowledged is there, opens what it sealed, and is in the state that
 * was last acknowledged. Each key and alias is changed by one client alone, which does one thing after the other, so the
 * order of its changes is known; a change whose outcome is unknown may take effect until it is given up by all who carry it.
 */
final class ClientChecker {

    /** Longer than any request is carried on by gateway and nodes, and as long as a node may lag behind (I7). */
    static final long UNCERTAIN_NANOS = 30_000_000_000L;

    /** A time in which a node stood still or had not caught up: then a change bites after 30 s at the latest, not at once. */
    record Unwell(long from, long to) {}

    private final List<Unwell> unwell;
    private final List<String> objections = new ArrayList<>();
    private final Map<SdkBytes, String> texts = new HashMap<>();
    private final Map<String, Register<Boolean>> states = new HashMap<>();
    private final Map<String, Register<String>> aliases = new HashMap<>();

    /** The values that something may have, by what its only writer was told. */
    private static final class Register<V> {
        private V acknowledged;
        private long acknowledgedAt;
        private final List<Map.Entry<Long, V>> uncertain = new ArrayList<>();

        Register(V first, long at) {
            acknowledged = first;
            acknowledgedAt = at;
        }

        void asked(V value, boolean known, long called, long returned) {
            if (known) {
                acknowledged = value;
                acknowledgedAt = returned;
                uncertain.removeIf(each -> returned - each.getKey() > UNCERTAIN_NANOS);
            } else {
                uncertain.add(Map.entry(called, value));
            }
        }

        Set<V> possible() {
            var values = new HashSet<V>();
            values.add(acknowledged);
            uncertain.forEach(each -> values.add(each.getValue()));
            return values;
        }

        @Override
        public String toString() {
            return acknowledged + " acknowledged at " + acknowledgedAt + ", uncertain " + uncertain;
        }
    }

    private ClientChecker(List<Unwell> unwell) {
        this.unwell = unwell;
    }

    /** What is wrong with {@code log}; empty if nothing is. */
    static List<String> objections(ClientLog log, List<Unwell> unwell) {
        var checker = new ClientChecker(unwell);
        log.events().forEach(checker::check);
        return checker.objections;
    }

    /** How often a use of a key was tried for which no excuse holds: it had to be refused. */
    static long strictUses(ClientLog log, List<Unwell> unwell, Restriction restriction) {
        var checker = new ClientChecker(unwell);
        return log.events().stream()
                .filter(event -> event instanceof UsedAfter used
                        && used.restriction() == restriction
                        && !checker.mayBeServed(used))
                .count();
    }

    private void check(ClientLog.Event event) {
        if (event instanceof KeyCreated created) {
            states.put(created.keyId(), new Register<>(true, 0));
        } else if (event instanceof Encrypted encrypted) {
            texts.put(encrypted.blob(), encrypted.text());
        } else if (event instanceof Decrypted decrypted) {
            require(
                    decrypted.text().equals(texts.get(decrypted.blob())),
                    "a blob of " + texts.get(decrypted.blob()) + " was opened as " + decrypted.text());
        } else if (event instanceof StateAsked asked) {
            register(asked.keyId()).asked(asked.enabled(), asked.acknowledged(), asked.called(), asked.returned());
        } else if (event instanceof StateSeen seen) {
            var register = register(seen.keyId());
            require(register.possible().contains(seen.enabled()), seen + " though " + register);
        } else if (event instanceof AliasAsked asked) {
            alias(asked);
        } else if (event instanceof AliasSeen seen) {
            var register = aliases.get(seen.alias());
            require(register != null && register.possible().contains(seen.keyId()), seen + " though " + register);
        } else if (event instanceof Missing missing) {
            objections.add("lost: " + missing.what());
        } else if (event instanceof UsedAfter used) {
            require(!used.served() || mayBeServed(used), used + " was served");
        }
    }

    private void alias(AliasAsked asked) {
        var register = aliases.get(asked.alias());
        if (register == null) {
            if (asked.acknowledged()) {
                aliases.put(asked.alias(), new Register<>(asked.keyId(), asked.returned()));
            }
        } else {
            register.asked(asked.keyId(), asked.acknowledged(), asked.called(), asked.returned());
        }
    }

    private boolean mayBeServed(UsedAfter used) {
        return used.usedReturned() - used.acknowledged() < UNCERTAIN_NANOS
                && unwell.stream()
                        .anyMatch(each -> each.from() <= used.usedReturned() && each.to() >= used.restricted());
    }

    private Register<Boolean> register(String keyId) {
        var register = states.get(keyId);
        if (register == null) {
            throw new IllegalStateException("the log changes a key that it did not create: " + keyId);
        }
        return register;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            objections.add(otherwise);
        }
    }
}
