package org.m2ib.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportsOfManyLanguagesTest {
  private static final ReportSentences REPORTS =
      new ReportSentences(Set.of("findings", "impression", "conclusion"), Map.of());

  /** The sentences stand between bars. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          en; |No acute osseous abnormality.| |s/p left mastectomy.| |Right lung clear s/p lobectomy.|
          de; |Im re. Unterlappen flaue Verschattung, li. keine.| |Am re. Hilus kein Knoten.|
          de; |Unauff. Hilus bds.|
          en; |No effusion| period |Cardiomegaly is present| period
          en; |lungs are clear| period |no effusion| period new paragraph |no acute disease| period
          en; |HEART IS NORMAL| PERIOD |NO EFFUSION| PERIOD
          en; |The effusion grew over a short period| full stop |No pneumothorax| full stop
          en; |In this time period Mr. Smith was well.| |The menstrual period is over.|
          en; |Clear lungs in the follow-up period.| |A point of care scan.| |New line in the left arm.|
          de; |Herz nicht vergrößert| Punkt |Kein Erguss| Punkt neuer Absatz |Lunge frei| Punkt
          de; |Der Punkt des Schmerzes liegt links.| |Schmerz am McBurney Punkt Mitte.|
          de; |Rundherd drei Komma fünf cm groß.|
          fr; |Pas de pneumothorax| point |Silhouette augmentée| point à la ligne |Poumon clair| point
          fr; |Le point d'entrée est à gauche.| |Il n'y a point d'épanchement.| |Au point Kerley rien.|
          es; |Corazón normal| punto |No hay derrame| punto y aparte |Opacidad izquierda| punto
          es; |El punto de entrada es izquierdo.|
          pt; |Pulmões sem consolidações| ponto |Derrame à esquerda| ponto final
          it; |Non lesioni| punto |Cuore nei limiti| punto a capo |Versamento a sinistra| punto
          nl; |longen zonder afwijkingen| punt nieuwe regel |geen pleuravocht links| punt
          pl; |serce w normie| kropka nowa linia |płyn po lewej stronie| kropka
          de; |V. a. Pneumonie rechts.| |Z. n. Fraktur der 5. Rippe links.| |Herz o. B.|
          de; |Rundherd, z. B. Metastase, ca. 3,5 cm groß.| |Aufnahme vom 12. 03. 2024.| |Kein Erguss.|
          de; |Befund vom 3. Mai 2024 bzw. Voraufnahme.| |Infiltrat re. Unterlappen.|
          de; |Frakturen (5.-7. Rippe) ohne Dislokation.| |Fraktur der 3.–4. Rippe.|
          pt; |Consolidação em base D.| |Não há derrame.|
          de; |Kleiner Erguss re.| |Kein Infiltrat.|
          de; |KLEINER ERGUSS LI.| |KEINE STAUUNG.|
          de; |Kleiner Erguss re.| |Normales Herz.| |Infiltrat li.| |Unauffällige Lunge rechts.|
          de; |Erguss re.| |Kleiner Rundherd links.| |Infiltrat re. Lunge Unterlappen.|
          nl; |Lijn via v. subclavia re.| |Geen pneumothorax.|
          fr; |Nodule de 8 mm env.| |Pas d'épanchement.|
          it; |CVC da succlavia dx.| |Non PNX.|
          pt; |Elevação da hemicúpula D.| |Nódulo no LSE.|
          pt; |Visto pelo dr D. Nunes.| |Sem derrame.|
          es; |Elevación del hemidiafragma D.| |Atelectasia en LSD.|
          fr; |Absence d'anomalie à G.| |Sonde en place.|
          pl; |Zacienienie w płucu L.| |Niedodma płuca P.|
          es; 1.- |Neumonía izquierda.| 2.- |Sin derrame.|
          fr; |Nodule de 3,5 mm, p. ex. Granulome.| |Vu par le Dr. Martin.| |Pas d'épanchement.|
          fr; |Examen du 3 mai 2024, env. 2 cm.| |Cf. Scanner.|
          es; |Nódulo de aprox. 3,5 cm, p. ej. Granuloma.| |Vista por la Dra. López.| |Sin derrame.|
          es; |Derrame izq. pequeño.| |Derrame der.| |Corazón normal.|
          pt; |Nódulo de aprox. 3,5 cm, p. ex. Granuloma.| |Visto pela Dra. Silva.| |Sem derrame.|
          it; |Nodulo di ca. 3,5 cm, p. es. Granuloma.| |Visto dal Dott. Rossi.| |Non versamento.|
          nl; |Nodus van ca. 3,5 cm, t.o.v. CT onveranderd.| |Vergelijking n.v.t.| |Geen pleuravocht.|
          pl; |Guzek ok. 3,5 cm, np. Ziarniniak.| |Badanie opisał dr Nowak.| |Bez zmian.|
          pl; |Badanie z 12. 03. 2024.| |Lek. med. Kowalska.| |Nie stwierdza się odmy.|
          ja; |右肺に3.5cmの結節を認める。||胸水なし。||心拡大なし｡||骨に異常なし|
          ja; |胸水を認めず．||気胸なし．|
          zh; |右肺见3.5cm结节。||未见胸腔积液。||心影不大|
          zh; 1.|右肺结节；|2.|双侧胸腔积液。|
          zh; 1、|右肺结节；|2、|双侧胸腔积液。|
          zh; |未见异常.||心影不大.|
          """)
  void sentencesEndWhereAReaderEndsThem(String language, String marked) {
    List<String> expected = new ArrayList<>();
    String[] parts = marked.split("\\|", -1);
    for (int i = 1; i < parts.length; i += 2) {
      expected.add(parts[i]);
    }
    String text = marked.replace("|", "");
    assertThat(REPORTS.read(text, language).all())
        .extracting(Sentence::text)
        .containsExactlyElementsOf(expected)
        .allSatisfy(said -> assertThat(text).contains(said));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HALLAZGOS:\nDerrame izquierdo.\nFdo.: Dra. García",
        "Résultats :\nPas d'épanchement gauche.\nDr Martin, le 12/03/2026",
        "Referto:\nVersamento a sinistra.\nIl medico radiologo Dott. Rossi",
        "Achados:\nSem derrame à esquerda.\nDr. João Silva CRM 12345",
        "Wnioski:\nBez cech odmy po lewej.\nLek. med. J. Kowalski",
        "【所見】左胸水を認めます。\n読影医 山田太郎"
      })
  void whoSignedIsNoFinding(String report) {
    assertThat(REPORTS.read(report).attributed()).hasSize(1);
  }

  @Test
  void aJapaneseLineMayEndWithoutAFullStopAndAWrappedOneDoesNot() {
    assertThat(REPORTS.read("右肺に結節を認める\n胸水は\n認めない", "ja").all())
        .extracting(Sentence::text)
        .containsExactly("右肺に結節を認める", "胸水は\n認めない");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "臨床診断：肺炎\n所見：|右下肺野に浸潤影を認める。||胸水なし。|\n診断：|右肺炎|",
        "【検査目的】咳\n【所見】|右下肺野に浸潤影を認める。|\n【印象】|肺炎|",
        "検査目的：咳。所見：|右肺に結節を認める。|診断：|肺癌疑い。|",
        "所　見\n|両側胸水を認める。|\n\n診　断\n|心不全|\n\n読影医：山田太郎",
        "■所見\n|両側胸水を認める。|\n■画像診断\n１．|心不全|\n２．|肺水腫|",
        "临床诊断：肺炎\n检查方法：胸部正位片\n影像所见：|右下肺见片状影。||未见胸腔积液。|\n诊断意见：|右下肺炎。|\n报告医生：王医生",
        "检查所见:|双肺纹理增多。|\n印象:1.|支气管炎|\n2.|右肺结节|",
        "影像所見：|雙肺紋理增粗。|\n診斷意見：|支氣管炎。|",
        "Fragestellung: Pneumonie?\nBefund: |Herz normal groß.|\nBeurteilung: |Kein Erguss.|",
        "Indication : toux.\nRésultats : |Pas d'épanchement.|\nConclusion : |Examen normal.|",
        "Indicación: tos.\nHallazgos: |Sin derrame.|\nImpresión: |Normal.|",
        "Indicação: tosse.\nAchados: |Sem derrame.|\nConclusão: |Normal.|",
        "Quesito clinico: tosse.\nReferto: |Non versamento.|\nConclusioni: |Nella norma.|",
        "Vraagstelling: hoest.\nVerslag: |Geen pleuravocht.|\nConclusie: |Normaal.|",
        "Wskazania: kaszel.\nOpis: |Bez zmian.|\nWnioski: |Obraz prawidłowy.|",
        "INDICATION: Cough.\nFINDINGS: |No effusion.|\nIMPRESSION: |Normal.|"
      })
  void theSectionsOfAReportAreFoundByItsLanguagesHeadings(String marked) {
    List<String> expected = new ArrayList<>();
    String[] parts = marked.split("\\|", -1);
    for (int i = 1; i < parts.length; i += 2) {
      expected.add(parts[i]);
    }
    assertThat(REPORTS.attributed(marked.replace("|", "")))
        .extracting(Sentence::text)
        .containsExactlyElementsOf(expected);
  }

  /** Everything after the indication is taken for it: the unknown heading must be named. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Fragestellung: Husten.\nRöntgenologisches: Kein Erguss.",
        "Indication : toux.\nRemarques du lecteur : Pas d'épanchement.",
        "Indicación: tos.\nLo visto: Sin derrame.",
        "Indicação: tosse.\nO visto: Sem derrame.",
        "Quesito clinico: tosse.\nVisto oggi: Non versamento.",
        "Vraagstelling: hoest.\nGezien: Geen pleuravocht.",
        "Wskazania: kaszel.\nWidoczne: Bez zmian.",
        "検査目的：咳\n見えたもの：胸水なし。",
        "检查目的：咳嗽\n看到的：未见异常。",
        "INDICATION: Cough.\nMYSTERY PART: Clear."
      })
  void anUnknownHeadingIsTold(String report) {
    ReadReport read = REPORTS.read(report);
    assertThat(read.forCase())
        .anySatisfy(note -> assertThat(note).contains("1 unknown heading (line 2)"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Fragestellung: Husten seit 3 Tagen.",
        "Indication : toux.",
        "Indicación: tos.",
        "Indicação: tosse.",
        "Quesito clinico: tosse.",
        "Vraagstelling: hoest.",
        "Wskazania: kaszel.",
        "検査目的：咳",
        "检查目的：咳嗽",
        "INDICATION: Cough."
      })
  void aReportFromWhichNoSentenceComesSaysWhy(String report) {
    ReadReport read = REPORTS.read(report);
    assertThat(read.attributed()).isEmpty();
    assertThat(read.forCase())
        .anySatisfy(note -> assertThat(note).contains("left out: indication"))
        .anySatisfy(
            note ->
                assertThat(note).contains("no sentences", "none of their headings that is known"));
  }

  @Test
  void aReportInALanguageThatIsNotUnderstoodSaysSo() {
    String swedish = "Utlåtande: Hjärtat är inte förstorat. Inga förändringar i höger lunga.";
    assertThat(REPORTS.read(swedish).forCase())
        .contains(
            "the report's language is not recognised: sides and denials in its sentences are not"
                + " checked");
    assertThat(REPORTS.read("Pneumothorax.", "sv").forCase())
        .contains(
            "the report's language is not supported: sides and denials in its sentences are not"
                + " checked");
    assertThat(REPORTS.read("Pneumothorax.", "de").forCase())
        .noneSatisfy(note -> assertThat(note).contains("language"));
    assertThat(
            REPORTS
                .read("Het hart is niet vergroot. Geen pleuravocht in de rechter long.", "en")
                .forCase())
        .contains("the report is read as Dutch, not as English as stated");
  }
}
