package org.m2ib.review;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.m2ib.clip.HfFolder;
import org.m2ib.lab.phantom.Dictation;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;

/**
 * Made-up models beside the built-in one: {@code chest-de} has a rule, {@code next} is in shadow,
 * {@code old} is off and cannot be loaded, as its tokeniser is missing.
 */
final class ReviewModels {
  static final String INTENDED_USE = "Trying out this page. Not for any patient.";
  private static final String TRAINING_DATA = "None: its weights are from a formula.";

  private ReviewModels() {}

  /**
   * @return the service's settings
   */
  static Map<String, String> write(Path folder) throws IOException {
    Map<String, String> settings = new HashMap<>();
    write(
        folder,
        "chest-de",
        card("Chest de", "2026-03", ", \"layer\": 1, \"beta\": 0.05"),
        settings);
    write(folder, "next", card("Chest", "7", ""), settings);
    Path old = write(folder, "old", card("Chest", "6", ""), settings);
    Files.delete(old.resolve("tokenizer.json"));
    settings.put("m2ib.models.chest-de.modality", "DX,CR");
    settings.put("m2ib.models.chest-de.language", "de");
    settings.put("m2ib.models.next.shadow", "true");
    return settings;
  }

  private static Path write(Path folder, String name, String card, Map<String, String> settings)
      throws IOException {
    Path model =
        HfFolder.write(
            Files.createDirectories(folder.resolve(name)),
            HfFolder.Sizes.PHANTOM,
            Dictation.words());
    Files.writeString(model.resolve("model-card.json"), card);
    settings.put("m2ib.models." + name + ".path", model.toString());
    return model;
  }

  private static String card(String name, String version, String more) {
    return """
        {"name": "%s", "version": "%s", "licence": "CC0-1.0", "intendedUse": "%s",
         "trainingData": "%s",
         "evaluation": [
           {"data": "Phantoms, seed 1", "figure": "pointing game", "value": 0.05, "date": "2026-02-20"},
           {"data": "Phantoms, seed 2", "figure": "pointing game", "value": 0.0625, "date": "2026-02-27"}],
         "approvedBy": "Example board", "approvedOn": "2026-03-04"%s}
        """
        .formatted(name, version, INTENDED_USE, TRAINING_DATA, more);
  }

  /** Waits until the model in shadow has seen so many sentences. */
  static void awaitShadow(ServiceProcess service, int sentences) {
    Peers.await(
        "figures of the shadow",
        ReviewCases.PATIENCE,
        () -> service.json("/api/models/next/shadow").get("n").asInt() == sentences);
  }
}
