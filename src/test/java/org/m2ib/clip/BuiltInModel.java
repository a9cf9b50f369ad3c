package org.m2ib.clip;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes the built-in model's folder. Run its main method in the project's root to write it anew
 * into src/main/resources.
 */
public final class BuiltInModel {
  private static final List<String> WORDS =
      List.of(
              ("no not without is are was were be been has have had seen there of the a an in on at to"
                      + " from for with and or by as than but may can could this that it its which"
                      + " right left bilateral both midline upper middle lower mid lobe lobes zone lung"
                      + " lungs base bases apex apices apical basal basilar perihilar hilar hilum hila"
                      + " peripheral central costophrenic cardiophrenic angle angles sulcus heart"
                      + " cardiac cardiomediastinal mediastinal mediastinum silhouette contour contours"
                      + " border aorta aortic arch trachea tracheal carina diaphragm hemidiaphragm"
                      + " pleura pleural space spaces rib ribs clavicle spine thoracic bone bones"
                      + " osseous soft tissue tissues chest wall abdomen stomach bowel effusion"
                      + " effusions pneumothorax consolidation opacity opacities pneumonia atelectasis"
                      + " edema oedema congestion vascular pulmonary interstitial alveolar nodule"
                      + " nodules mass masses lesion lesions granuloma calcified calcification"
                      + " cardiomegaly enlarged enlargement hyperinflation emphysema fibrosis scarring"
                      + " thickening fracture fractures hernia volume loss shift cavity infiltrate"
                      + " tube line catheter device pacemaker endotracheal nasogastric port tip clear"
                      + " normal abnormal unremarkable stable unchanged new old acute chronic mild"
                      + " moderate severe small large minimal trace increased decreased focal diffuse"
                      + " patchy linear blunting blunted elevated low high size limits within evidence"
                      + " suggest suggests suggesting consistent likely possible probable identified"
                      + " noted demonstrated visible visualized size examination study film radiograph"
                      + " view views frontal lateral portable comparison prior findings impression"
                      + " disease process free air fluid level degenerative changes change scoliosis"
                      + " intact bony structures tortuous atherosclerotic cm mm 1 2 3 4 5 0 . , : ; - ("
                      + " ) /")
                  .split(" "))
          .stream()
          .distinct()
          .toList();

  static final HfFolder.Sizes SIZES =
      new HfFolder.Sizes(64, 4, 4, 8, 112, 64, 4, 4, WORDS.size() + 4, 64, 32);

  private BuiltInModel() {}

  static Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    HfFolder.write(folder, SIZES, WORDS);
    ObjectNode card = new ObjectMapper().createObjectNode();
    card.put("name", "m2ib built-in formula model");
    card.put("version", "1");
    card.put("licence", "that of m2ib-pacs");
    card.put("warning", "Formula weights, untrained: this map means nothing");
    card.put("intendedUse", "Trying out the way from study to result. Not for any patient.");
    card.put("trainingData", "none");
    HfFolder.json(folder.resolve("model-card.json"), card);
    return folder;
  }

  public static void main(String[] args) throws IOException {
    write(Path.of("src/main/resources/org/m2ib/clip/builtin"));
  }
}
