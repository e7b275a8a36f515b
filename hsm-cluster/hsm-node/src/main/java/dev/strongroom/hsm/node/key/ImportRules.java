package dev.strongroom.hsm.node.key;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ImportCommand.ImportType;
import dev.strongroom.hsm.protocol.ImportCommand.Terms;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyRecord.BackingKey;
import dev.strongroom.hsm.protocol.KeyRecord.ImportedMaterial;
import dev.strongroom.hsm.protocol.KeyRecord.Lifecycle;
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
import java.util.function.Predicate;

/**
 * What becomes of a key when material is given to it, is deleted or expires (AWS KMS developer guide, "Importing key
 * material"; API reference, ImportKeyMaterial).
 *
 * <p>Material is <em>associated</em> with its key for good once it is the first or was rotated to. A key is usable only
 * while all associated material is there. Material that waits for its rotation may come and go.
 */
public final class ImportRules {

    public static final Duration LONGEST_VALIDITY = Duration.ofDays(365);
    public static final int MAX_DESCRIPTION_CHARACTERS = 256;

    private ImportRules() {}

    /**
     * Material that was unwrapped and is a key of the spec.
     *
     * @param id of the backing key, a function of account, key and material
     * @param publicKey of a key pair
     */
    public record Arrival(Bytes id, String materialId, Optional<Bytes> publicKey) {}

    /** Refuses unless material may be given to the key now. */
    public static void requireImportable(KeyRecord key) {
        requireExternal(key);
        switch (key.lifecycle().state()) {
            case ENABLED, DISABLED, PENDING_IMPORT, UPDATING -> {}
            case PENDING_DELETION, PENDING_REPLICA_DELETION -> throw new Refused(Refusal.KEY_PENDING_DELETION);
            case CREATING, UNAVAILABLE -> throw new Refused(Refusal.KEY_UNAVAILABLE);
        }
    }

    /** Refuses unless the key has its material from outside. */
    public static void requireExternal(KeyRecord key) {
        if (key.attributes().origin() != Origin.EXTERNAL) {
            throw new Refused(Refusal.INVALID_FOR_KEY);
        }
    }

    /** Refuses terms that no material is taken on. */
    public static void requireTerms(Terms terms, Instant now) {
        terms.validTo().ifPresent(date -> {
            if (!date.isAfter(now)) {
                throw new Refused(Refusal.INVALID_EXPIRY, "PAST");
            }
            if (date.isAfter(now.plus(LONGEST_VALIDITY))) {
                throw new Refused(Refusal.INVALID_EXPIRY, "FAR");
            }
        });
        if (terms.description().orElse("").length() > MAX_DESCRIPTION_CHARACTERS) {
            throw new Refused(Refusal.MALFORMED, "a description has at most " + MAX_DESCRIPTION_CHARACTERS);
        }
    }

    /**
     * The key once {@code arrival} is there, still with the stamp it had; refuses if the material is not what it has to be.
     *
     * @param everywhere whether all other Regions of the key have that material; true for a single-Region key
     */
    public static KeyRecord imported(KeyRecord key, Arrival arrival, Terms terms, boolean everywhere, Instant now) {
        if (terms.materialId().isPresent() && !terms.materialId().get().equals(arrival.materialId())) {
            throw new Refused(Refusal.INCORRECT_KEY_MATERIAL, "another key material than the one named");
        }
        var generations = new ArrayList<>(key.backingKeys());
        int place = indexOf(generations, arrival.id());
        var type = terms.type()
                .orElse(generations.isEmpty() ? ImportType.NEW_KEY_MATERIAL : ImportType.EXISTING_KEY_MATERIAL);
        var known = place < 0
                ? Optional.<ImportedMaterial>empty()
                : generations.get(place).imported();
        var description = terms.description()
                .orElse(known.map(ImportedMaterial::description).orElse(""));
        var present = Optional.of(new ImportedMaterial(true, terms.validTo(), description));
        if (type == ImportType.NEW_KEY_MATERIAL) {
            requireNew(key, arrival, place);
            var state = generations.isEmpty() ? MaterialState.CURRENT : waiting(everywhere);
            generations.add(new BackingKey(arrival.id(), arrival.materialId(), now, state, Optional.empty(), present));
        } else {
            if (place < 0) {
                throw new Refused(Refusal.INCORRECT_KEY_MATERIAL, "not a key material of this key");
            }
            var former = generations.get(place);
            var again = former.with(present);
            generations.set(place, isAssociated(former) ? again : again.with(waiting(everywhere)));
        }
        var material = key.material();
        var after = key.with(new KeyRecord.Material(
                generations, arrival.publicKey().or(material::publicKey), material.rotation(), material.multiRegion()));
        return key.lifecycle().state() == KeyState.PENDING_IMPORT && hasAllMaterial(after)
                ? after.with(Lifecycle.of(KeyState.ENABLED))
                : after;
    }

    private static void requireNew(KeyRecord key, Arrival arrival, int place) {
        if (key.attributes().multiRegion() && !key.isPrimary()) {
            throw new Refused(Refusal.INVALID_FOR_KEY);
        }
        boolean onlyOne = key.attributes().spec() != KeySpec.SYMMETRIC_DEFAULT;
        if (place >= 0 || (onlyOne && !key.backingKeys().isEmpty())) {
            throw new Refused(Refusal.INCORRECT_KEY_MATERIAL, "the key has its material already");
        }
        for (var generation : key.backingKeys()) {
            if (!isAssociated(generation)) {
                throw new Refused(Refusal.ROTATION_PENDING, arrival.materialId() + " " + generation.materialId());
            }
        }
    }

    /** The key without the material {@code id} in its Region, still with the stamp it had. */
    public static KeyRecord deleted(KeyRecord key, Bytes id) {
        return without(key, generation -> generation.id().equals(id));
    }

    /** The key as it is at {@code now}: what has expired is not there any more, swept or not. */
    public static KeyRecord asOf(KeyRecord key, Instant now) {
        return key.attributes().origin() == Origin.EXTERNAL && isExpiryDue(key, now)
                ? without(key, generation -> isExpired(generation, now))
                : key;
    }

    /** When the first of the key's material expires; empty if none does. */
    public static Optional<Instant> nextExpiry(KeyRecord key) {
        Optional<Instant> next = Optional.empty();
        for (var generation : key.backingKeys()) {
            var date = generation.imported().filter(ImportedMaterial::present).flatMap(ImportedMaterial::validTo);
            if (date.isPresent() && (next.isEmpty() || date.get().isBefore(next.get()))) {
                next = date;
            }
        }
        return next;
    }

    /** The key after the material that waits has become current; refuses if none waits, or not in all Regions. */
    public static KeyRecord rotated(KeyRecord key, Instant now) {
        var generations = new ArrayList<BackingKey>();
        boolean done = false;
        for (var generation : key.backingKeys()) {
            switch (generation.state()) {
                case CURRENT -> generations.add(generation.with(MaterialState.NON_CURRENT));
                case PENDING_ROTATION -> {
                    generations.add(new BackingKey(
                            generation.id(),
                            generation.materialId(),
                            now,
                            MaterialState.CURRENT,
                            Optional.of(RotationType.ON_DEMAND),
                            generation.imported()));
                    done = true;
                }
                case NON_CURRENT, PENDING_MULTI_REGION_IMPORT_AND_ROTATION -> generations.add(generation);
            }
        }
        if (!done) {
            throw new Refused(Refusal.INVALID_FOR_KEY);
        }
        return key.with(key.material().withBackingKeys(generations));
    }

    /** The key after one more Region joined, which has none of the material that waits. */
    public static KeyRecord.Material joined(KeyRecord.Material material) {
        return material.withBackingKeys(material.backingKeys().stream()
                .map(generation -> isAssociated(generation) ? generation : generation.with(waiting(false)))
                .toList());
    }

    /** The key after a Region left: material that waits does so no longer for that one. */
    public static KeyRecord.Material left(KeyRecord.Material material, Predicate<Bytes> everywhere) {
        return material.withBackingKeys(material.backingKeys().stream()
                .map(generation -> isAssociated(generation)
                        ? generation
                        : generation.with(waiting(everywhere.test(generation.id()))))
                .toList());
    }

    /** Whether the material {@code id} is in the Region of {@code key}. */
    public static boolean has(KeyRecord key, Bytes id) {
        int place = indexOf(key.backingKeys(), id);
        return place >= 0 && isPresent(key.backingKeys().get(place));
    }

    /** Whether all material that is associated with the key is there. A key of another origin has it at all times. */
    public static boolean hasAllMaterial(KeyRecord key) {
        return !key.backingKeys().isEmpty()
                && key.backingKeys().stream()
                        .allMatch(generation -> !isAssociated(generation) || isPresent(generation));
    }

    private static KeyRecord without(KeyRecord key, Predicate<BackingKey> goes) {
        boolean isReplica = key.attributes().multiRegion() && !key.isPrimary();
        var generations = new ArrayList<BackingKey>();
        for (var generation : key.backingKeys()) {
            if (!isPresent(generation) || !goes.test(generation)) {
                generations.add(generation);
            } else if (isAssociated(generation)) {
                generations.add(absent(generation));
            } else if (isReplica) {
                // It still waits in the primary Region.
                generations.add(absent(generation).with(waiting(false)));
            }
        }
        var after = key.with(key.material().withBackingKeys(generations));
        return isSettled(key.lifecycle().state()) && !hasAllMaterial(after)
                ? after.with(Lifecycle.of(KeyState.PENDING_IMPORT))
                : after;
    }

    /** Whether material of the key is there that has expired by {@code now}. */
    public static boolean isExpiryDue(KeyRecord key, Instant now) {
        for (var generation : key.backingKeys()) {
            if (isExpired(generation, now)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isExpired(BackingKey generation, Instant now) {
        return generation
                .imported()
                .filter(ImportedMaterial::present)
                .flatMap(ImportedMaterial::validTo)
                .filter(date -> !now.isBefore(date))
                .isPresent();
    }

    /** What was said of it stays, for the case that it comes again. */
    private static BackingKey absent(BackingKey generation) {
        return generation.with(generation
                .imported()
                .map(imported -> new ImportedMaterial(false, Optional.empty(), imported.description())));
    }

    private static boolean isSettled(KeyState state) {
        return state == KeyState.ENABLED || state == KeyState.DISABLED || state == KeyState.UPDATING;
    }

    private static boolean isAssociated(BackingKey generation) {
        return generation.state() == MaterialState.CURRENT || generation.state() == MaterialState.NON_CURRENT;
    }

    private static boolean isPresent(BackingKey generation) {
        return generation.imported().map(ImportedMaterial::present).orElse(true);
    }

    private static MaterialState waiting(boolean everywhere) {
        return everywhere ? MaterialState.PENDING_ROTATION : MaterialState.PENDING_MULTI_REGION_IMPORT_AND_ROTATION;
    }

    private static int indexOf(List<BackingKey> generations, Bytes id) {
        for (int i = 0; i < generations.size(); i++) {
            if (generations.get(i).id().equals(id)) {
                return i;
            }
        }
        return -1;
    }
}
