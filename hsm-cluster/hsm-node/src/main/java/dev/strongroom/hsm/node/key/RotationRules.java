package dev.strongroom.hsm.node.key;

import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyRecord.BackingKey;
import dev.strongroom.hsm.protocol.KeyRecord.Rotation;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.MaterialState;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.RotationType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How keys change their material (AWS KMS developer guide, "Rotate AWS KMS keys"). Former generations stay: what was made
 * under them opens as long as the key lives.
 */
public final class RotationRules {

    public static final int MIN_PERIOD_DAYS = 90;
    public static final int MAX_PERIOD_DAYS = 2_560;
    /** On-demand rotations in the life of a key (AWS KMS developer guide, "Resource quotas", 2026). */
    public static final int MAX_ON_DEMAND = 25;

    /** So close to an automatic rotation none is made on demand. */
    static final Duration CONFLICT_WINDOW = Duration.ofMinutes(20);

    private RotationRules() {}

    /**
     * The key with automatic rotation. The first period begins now, also when it replaces another; asked for the period
     * it has already, the key stays as it is. (What AWS does to the date in that last case is not confirmed; this way a
     * tool that repeats itself does not put the rotation off for ever.)
     */
    static KeyRecord withRotation(KeyRecord key, int periodDays, Instant now) {
        if (periodDays < MIN_PERIOD_DAYS || periodDays > MAX_PERIOD_DAYS) {
            throw new Refused(Refusal.MALFORMED, "a rotation period has 90 to 2560 days");
        }
        requireSymmetric(key);
        if (key.attributes().origin() != Origin.AWS_KMS) {
            throw new Refused(Refusal.INVALID_FOR_KEY);
        }
        requireNoReplica(key);
        var present = key.material().rotation();
        return present.isPresent() && present.get().periodDays() == periodDays
                ? key
                : key.with(key.material()
                        .withRotation(Optional.of(new Rotation(periodDays, now.plus(Duration.ofDays(periodDays))))));
    }

    static KeyRecord withoutRotation(KeyRecord key) {
        requireNoReplica(key);
        return key.with(key.material().withRotation(Optional.empty()));
    }

    /** Refuses unless the key may get new material on demand at {@code now}. */
    public static void requireRotatableOnDemand(KeyRecord key, Instant now) {
        KeyRules.requireUsable(key, () -> now);
        if (key.lifecycle().state() == KeyState.UPDATING) {
            throw new Refused(Refusal.KEY_UNAVAILABLE);
        }
        requireSymmetric(key);
        requireNoReplica(key);
        boolean isReady = switch (key.attributes().origin()) {
            case AWS_KMS -> true;
            case EXTERNAL -> pending(key).isPresent();
            case AWS_CLOUDHSM, EXTERNAL_KEY_STORE -> false;
        };
        if (!isReady) {
            throw new Refused(Refusal.INVALID_FOR_KEY);
        }
        long sofar = key.backingKeys().stream()
                .filter(generation -> generation.rotation().equals(Optional.of(RotationType.ON_DEMAND)))
                .count();
        if (sofar >= MAX_ON_DEMAND) {
            throw new Refused(Refusal.LIMIT_EXCEEDED, Long.toString(sofar));
        }
        if (key.material()
                .rotation()
                .filter(rotation -> !now.isBefore(rotation.next().minus(CONFLICT_WINDOW)))
                .isPresent()) {
            throw new Refused(Refusal.CONFLICT);
        }
    }

    /** The imported generation that becomes current with the next rotation. */
    public static Optional<BackingKey> pending(KeyRecord key) {
        return key.backingKeys().stream()
                .filter(generation -> generation.state() == MaterialState.PENDING_ROTATION)
                .findFirst();
    }

    /** The key once {@code fresh}, which says how it came and when, has become its current generation. */
    public static KeyRecord rotated(KeyRecord key, BackingKey fresh) {
        var generations = new ArrayList<BackingKey>(key.backingKeys().size() + 1);
        for (var generation : key.backingKeys()) {
            if (!generation.id().equals(fresh.id())) {
                generations.add(
                        generation.state() == MaterialState.CURRENT
                                ? generation.with(MaterialState.NON_CURRENT)
                                : generation);
            }
        }
        generations.add(fresh);
        return key.with(key.material().withBackingKeys(List.copyOf(generations)));
    }

    /**
     * Whether the key's automatic rotation is to be done. It waits while the key is disabled or anything else but ENABLED;
     * for a multi-Region key the primary decides.
     */
    public static boolean isDue(KeyRecord key, Instant now) {
        return dueDate(key).filter(date -> !now.isBefore(date)).isPresent();
    }

    /** When the next automatic rotation may be done; empty if there is none, or not as the key is. */
    static Optional<Instant> dueDate(KeyRecord key) {
        return key.lifecycle().state() == KeyState.ENABLED && isOwnOrPrimary(key)
                ? key.material().rotation().map(Rotation::next)
                : Optional.empty();
    }

    /**
     * The key with its rotation date moved on after an automatic rotation: by one period, or to one period from now if
     * that has passed as well. However many periods were missed, one rotation makes up for them.
     */
    public static KeyRecord scheduledAnew(KeyRecord key, Instant now) {
        return key.with(key.material().withRotation(key.material().rotation().map(rotation -> {
            var period = Duration.ofDays(rotation.periodDays());
            var next = rotation.next().plus(period);
            return new Rotation(rotation.periodDays(), next.isAfter(now) ? next : now.plus(period));
        })));
    }

    private static void requireSymmetric(KeyRecord key) {
        if (key.attributes().spec() != KeySpec.SYMMETRIC_DEFAULT) {
            throw new Refused(Refusal.INVALID_FOR_KEY);
        }
    }

    private static void requireNoReplica(KeyRecord key) {
        if (!isOwnOrPrimary(key)) {
            throw new Refused(Refusal.INVALID_FOR_KEY);
        }
    }

    private static boolean isOwnOrPrimary(KeyRecord key) {
        return !key.attributes().multiRegion() || key.isPrimary();
    }
}
