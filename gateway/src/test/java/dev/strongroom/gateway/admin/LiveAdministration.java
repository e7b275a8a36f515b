package dev.strongroom.gateway.admin;

import dev.strongroom.hsm.node.HsmNode;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.user.FreshCredentials;
import dev.strongroom.hsm.protocol.Plaintext;

/** Administration by a real node, with credentials as real ones are made. */
public final class LiveAdministration {

    private LiveAdministration() {}

    public static Administration of(HsmNode node, Entropy entropy) {
        return new Administration(
                node.identityAdmin(),
                new CredentialSource() {
                    @Override
                    public String newId(String prefix) {
                        return FreshCredentials.newId(prefix, entropy);
                    }

                    @Override
                    public Plaintext newSecret() {
                        return FreshCredentials.newSecret(entropy);
                    }
                },
                entropy::newUuid);
    }
}
