package dev.strongroom.gateway.operation;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.GrantAddress;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Grant tokens as callers have them: Base64 of what the HSM gave. Found in a request by the name of the member and not by
 * its operation, so that no operation can forget that its callers may send some.
 */
public final class GrantTokens {

    private static final String MEMBER = "GrantTokens";

    private GrantTokens() {}

    /**
     * What the tokens of a request are of.
     *
     * @throws KmsException InvalidGrantToken if one can be none
     */
    public static List<GrantAddress> of(SdkPojo request) {
        for (var field : request.sdkFields()) {
            if (field.locationName().equals(MEMBER) && field.getValueOrDefault(request) instanceof List<?> tokens) {
                var addresses = new ArrayList<GrantAddress>(tokens.size());
                tokens.forEach(token -> addresses.add(address((String) token)));
                return addresses;
            }
        }
        return List.of();
    }

    /** What a token is of. */
    static GrantAddress address(String token) {
        try {
            return new GrantAddress.ByToken(Bytes.wrap(Base64.getDecoder().decode(token)));
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
    }

    static String text(Bytes token) {
        return Base64.getEncoder().encodeToString(token.readOnlyArray());
    }

    /** One token is none, or that of a grant that has ended. */
    public static KmsException invalid() {
        return KmsException.of(KmsError.INVALID_GRANT_TOKEN);
    }
}
