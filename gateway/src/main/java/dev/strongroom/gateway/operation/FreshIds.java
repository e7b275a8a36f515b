package dev.strongroom.gateway.operation;

import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The ids that one request may need, made when first asked for and the same from then on: a request that is planned again
 * is still the same command about the same key. Used by one thread at a time.
 */
public final class FreshIds {

    private final Supplier<UUID> source;
    private @Nullable UUID commandId;
    private @Nullable UUID keyId;
    private @Nullable String grantId;

    public FreshIds(Supplier<UUID> source) {
        this.source = source;
    }

    /** Under which the node recognises this request when it is sent again. */
    public UUID commandId() {
        var id = commandId;
        if (id == null) {
            id = source.get();
            commandId = id;
        }
        return id;
    }

    /** For a key that this request makes. */
    public UUID keyId() {
        var id = keyId;
        if (id == null) {
            id = source.get();
            keyId = id;
        }
        return id;
    }

    /** For a grant that this request makes: 64 hexadecimal digits. */
    public String grantId() {
        var id = grantId;
        if (id == null) {
            id = (source.get().toString() + source.get()).replace("-", "");
            grantId = id;
        }
        return id;
    }
}
