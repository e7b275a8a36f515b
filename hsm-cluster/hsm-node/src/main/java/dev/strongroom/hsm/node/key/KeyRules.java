package dev.strongroom.hsm.node.key;

import dev.strongroom.hsm.protocol.EncryptionAlgorithm;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyRecord.Lifecycle;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** What may be done with a key in which state (AWS KMS developer guide, "Key states of AWS KMS keys"). */
public final class KeyRules {

    public static final int MIN_WINDOW_DAYS = 7;
    public static final int MAX_WINDOW_DAYS = 30;

    private KeyRules() {}

    /**
     * Whether the key's deletion date has passed. Such a key is gone for every caller, also while its record waits to be
     * swept.
     */
    public static boolean isDestroyed(KeyRecord key, InstantSource clock) {
        var date = key.lifecycle().deletionDate();
        return date.isPresent() && !clock.instant().isBefore(date.get());
    }

    /** Refuses unless the key may be used now. The clock is asked only where a date decides. */
    public static void requireUsable(KeyRecord key, InstantSource clock) {
        var current = key.attributes().origin() == Origin.EXTERNAL ? ImportRules.asOf(key, clock.instant()) : key;
        switch (current.lifecycle().state()) {
            case ENABLED, UPDATING -> {}
            case DISABLED -> throw new Refused(Refusal.KEY_DISABLED);
            case PENDING_IMPORT -> throw new Refused(Refusal.KEY_PENDING_IMPORT);
            case CREATING, UNAVAILABLE -> throw new Refused(Refusal.KEY_UNAVAILABLE);
            case PENDING_DELETION, PENDING_REPLICA_DELETION ->
                throw new Refused(isDestroyed(key, clock) ? Refusal.NOT_FOUND : Refusal.KEY_PENDING_DELETION);
        }
    }

    /** Refuses unless the key may be used now, is made for encryption, and encrypts by {@code algorithm}. */
    public static void requireEncrypts(KeyRecord key, EncryptionAlgorithm algorithm, InstantSource clock) {
        requireUse(key, KeyUsage.ENCRYPT_DECRYPT, clock);
        requireFit(KeyFits.encrypts(key.attributes().spec(), algorithm));
    }

    /** Refuses unless the key may be used now, is made for signatures, and signs by {@code algorithm}. */
    public static void requireSigns(KeyRecord key, SigningAlgorithm algorithm, InstantSource clock) {
        requireUse(key, KeyUsage.SIGN_VERIFY, clock);
        requireFit(KeyFits.signs(key.attributes().spec(), algorithm));
    }

    /** Refuses unless the key may be used now and is made for {@code usage}. */
    public static void requireUse(KeyRecord key, KeyUsage usage, InstantSource clock) {
        requireUsable(key, clock);
        requireFit(key.attributes().usage() == usage);
    }

    private static void requireFit(boolean fits) {
        if (!fits) {
            throw new Refused(Refusal.INVALID_FOR_KEY);
        }
    }

    /** Refuses unless the key may get a new alias; works in every state but pending deletion. */
    public static void requireNotPendingDeletion(KeyRecord key) {
        if (isPendingDeletion(key.lifecycle().state())) {
            throw new Refused(Refusal.KEY_PENDING_DELETION);
        }
    }

    /** The key after {@code change}, which is one that needs no new material, still with the stamp it had. */
    public static KeyRecord changed(KeyRecord key, KeyChange change, Instant now) {
        if (change instanceof KeyChange.SetState set) {
            return key.with(Lifecycle.of(switched(key.lifecycle().state(), set.state())));
        }
        if (change instanceof KeyChange.ScheduleDeletion schedule) {
            return key.with(scheduled(key, schedule.windowDays(), now));
        }
        if (change instanceof KeyChange.CancelDeletion) {
            return key.with(Lifecycle.of(cancelled(key)));
        }
        if (change instanceof KeyChange.SetPolicy set) {
            return key.with(DocumentRules.withPolicy(key.documents(), set.policy()));
        }
        if (change instanceof KeyChange.SetDescription set) {
            requireNotPendingDeletion(key);
            return key.with(DocumentRules.withDescription(key.documents(), set.description()));
        }
        if (change instanceof KeyChange.SetTags set) {
            requireNotPendingDeletion(key);
            return key.with(DocumentRules.withTags(key.documents(), set.tags()));
        }
        if (change instanceof KeyChange.SetRotation set) {
            requireUsable(key, () -> now);
            return RotationRules.withRotation(key, set.periodDays(), now);
        }
        if (change instanceof KeyChange.StopRotation) {
            requireUsable(key, () -> now);
            return RotationRules.withoutRotation(key);
        }
        throw new IllegalStateException("a change of an unknown kind");
    }

    /** Whether {@code change} may take a right away from somebody, so that its answer must wait for every live node. */
    public static boolean restricts(KeyChange change) {
        if (change instanceof KeyChange.SetState set) {
            return set.state() != KeyState.ENABLED;
        }
        // Tags and the policy may decide who uses the key; which way they do is not for the node to work out.
        return change instanceof KeyChange.SetPolicy
                || change instanceof KeyChange.SetTags
                || change instanceof KeyChange.ScheduleDeletion;
    }

    /** Refuses unless there are keys of this kind here, with material of the node's making or brought along. */
    public static void requireMakeable(KeySpec spec, KeyUsage usage, Origin origin) {
        requireFit(KeyFits.usages(spec).contains(usage) && (origin == Origin.AWS_KMS || origin == Origin.EXTERNAL));
    }

    private static KeyState switched(KeyState from, KeyState to) {
        if (to != KeyState.ENABLED && to != KeyState.DISABLED) {
            throw new Refused(Refusal.MALFORMED, "a key can be set to ENABLED or DISABLED only");
        }
        return switch (from) {
            case ENABLED, DISABLED -> to;
            case PENDING_IMPORT -> throw new Refused(Refusal.KEY_PENDING_IMPORT);
            case PENDING_DELETION, PENDING_REPLICA_DELETION -> throw new Refused(Refusal.KEY_PENDING_DELETION);
            case CREATING, UPDATING, UNAVAILABLE -> throw new Refused(Refusal.KEY_UNAVAILABLE);
        };
    }

    private static Lifecycle scheduled(KeyRecord key, int windowDays, Instant now) {
        var from = key.lifecycle().state();
        if (windowDays < MIN_WINDOW_DAYS || windowDays > MAX_WINDOW_DAYS) {
            throw new Refused(
                    Refusal.MALFORMED, "the window has " + MIN_WINDOW_DAYS + " to " + MAX_WINDOW_DAYS + " days");
        }
        if (isPendingDeletion(from)) {
            throw new Refused(Refusal.KEY_PENDING_DELETION);
        }
        if (from == KeyState.UPDATING) {
            throw new Refused(Refusal.KEY_UNAVAILABLE);
        }
        return key.isPrimary() && hasReplicas(key)
                ? new Lifecycle(KeyState.PENDING_REPLICA_DELETION, Optional.empty(), windowDays)
                : window(windowDays, now);
    }

    /** A primary whose last replica is gone: the window that was asked for begins now. */
    public static KeyRecord withoutReplicas(KeyRecord primary, Instant now) {
        var lifecycle = primary.lifecycle();
        return lifecycle.state() == KeyState.PENDING_REPLICA_DELETION
                ? primary.with(window(lifecycle.pendingWindowDays(), now))
                : primary;
    }

    private static boolean hasReplicas(KeyRecord key) {
        return key.material()
                .multiRegion()
                .filter(shared -> !shared.replicaRegions().isEmpty())
                .isPresent();
    }

    private static Lifecycle window(int days, Instant now) {
        return new Lifecycle(KeyState.PENDING_DELETION, Optional.of(now.plus(Duration.ofDays(days))), days);
    }

    private static KeyState cancelled(KeyRecord key) {
        if (!isPendingDeletion(key.lifecycle().state())) {
            throw new Refused(Refusal.INVALID_FOR_KEY);
        }
        return ImportRules.hasAllMaterial(key) ? KeyState.DISABLED : KeyState.PENDING_IMPORT;
    }

    private static boolean isPendingDeletion(KeyState state) {
        return state == KeyState.PENDING_DELETION || state == KeyState.PENDING_REPLICA_DELETION;
    }
}
