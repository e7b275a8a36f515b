package dev.strongroom.hsm.node.audit;

import dev.strongroom.hsm.node.crypto.KeyMaterial;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks the MACs of one trail, if the audit root is there. For one thread at a time. */
final class TrailMacs implements AutoCloseable {

    /** Ten minutes each: no node runs for a century. */
    private static final long MOST_EPOCHS = 5_300_000;

    private final Optional<KeyMaterial> root;
    private @Nullable RatchetKey key;
    private long boot;

    /** @param root stays the caller's */
    TrailMacs(Optional<KeyMaterial> root) {
        this.root = root;
    }

    /** What is wrong with the record's MAC. */
    Optional<String> check(TrailRecord record) {
        if (root.isEmpty()) {
            return Optional.empty();
        }
        var here = record.position();
        if (here.epoch() > MOST_EPOCHS) {
            return Optional.of("there is no such epoch");
        }
        var current = key;
        if (current == null || boot != here.boot() || current.epoch() > here.epoch()) {
            close();
            current = new RatchetKey(root.get(), here.node(), here.boot());
            key = current;
            boot = here.boot();
        }
        current.advanceTo(here.epoch());
        var tag = current.tag(record.seal().digest().readOnlyArray());
        return MessageDigest.isEqual(tag, record.seal().mac().readOnlyArray())
                ? Optional.empty()
                : Optional.of("the MAC is not the node's");
    }

    @Override
    public void close() {
        var current = key;
        if (current != null) {
            current.close();
            key = null;
        }
    }
}
