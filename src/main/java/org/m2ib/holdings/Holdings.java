package org.m2ib.holdings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.mapper.RowMapper;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Database;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/**
 * What the service holds: all DICOM objects that it received, and those of its own results that
 * hold. Answers have the attributes of their level and of those above it. Rows are in the order in
 * which their study, series or instance was first held, so pages are stable while objects arrive.
 *
 * <p>Each call throws {@link org.m2ib.cases.StorageUnavailableException} if the database fails or
 * the index is still being built.
 */
public final class Holdings {
  private static final int PAGE = 200;

  private final Database database;
  private final Blobs blobs;
  private final HoldingsIndex index;

  public Holdings(Database database, Blobs blobs, HoldingsIndex index) {
    this.database = database;
    this.blobs = blobs;
    this.index = index;
  }

  /**
   * One page of what matches.
   *
   * @param offset number of matches before it
   * @param limit most matches in it
   */
  public List<DicomObject> find(HoldingQuery query, int offset, int limit) {
    index.catchUp();
    return page(query, "", List.of(), offset, limit).stream().map(Row::answer).toList();
  }

  /** All that matches, one at a time. */
  public void forEach(HoldingQuery query, Consumer<DicomObject> action) {
    index.catchUp();
    String after = " and " + query.level().alias + ".id > ?";
    long last = 0;
    List<Row> page;
    do {
      page = page(query, after, List.of(last), 0, PAGE);
      for (Row row : page) {
        action.accept(row.answer());
        last = row.number();
      }
    } while (page.size() == PAGE);
  }

  /** The objects of what matches, at whatever level the query is; series by series. */
  public List<HeldInstance> instances(HoldingQuery query) {
    index.catchUp();
    HoldingQuery all = HoldingQuery.at(Level.INSTANCE);
    return database.list(
        HELD,
        """
        select s.study_instance_uid, e.series_instance_uid, i.sop_instance_uid, i.sop_class_uid,
          i.transfer_syntax_uid, i.blob
        from %s where %s order by s.id, e.id, i.id
        """
            .formatted(all.from(), query.where()),
        query.arguments().toArray());
  }

  /** The Part 10 file, as it was received or made. */
  public Path path(HeldInstance instance) {
    return blobs.path(instance.blob());
  }

  private record Row(long number, DicomObject answer) {}

  private List<Row> page(
      HoldingQuery query, String more, List<Object> moreArguments, int offset, int limit) {
    Level level = query.level();
    List<Object> arguments = new ArrayList<>(query.arguments());
    arguments.addAll(moreArguments);
    arguments.add(limit);
    arguments.add(offset);
    return database.list(
        row(level),
        """
        select %s.id as number, s.attributes as study_attributes, s.modalities, s.sop_classes,
          s.series_count, s.instance_count%s
        from %s where %s%s order by %1$s.id limit ? offset ?
        """
            .formatted(level.alias, columns(level), query.from(), query.where(), more),
        arguments.toArray());
  }

  private static String columns(Level level) {
    return switch (level) {
      case STUDY -> "";
      case SERIES -> ", e.attributes as series_attributes, e.instance_count as in_series";
      case INSTANCE ->
          ", e.attributes as series_attributes, e.instance_count as in_series,"
              + " i.attributes as instance_attributes, i.transfer_syntax_uid";
    };
  }

  private static RowMapper<Row> row(Level level) {
    return (row, context) -> {
      DicomObject answer =
          DicomObject.ofBytes(row.getBytes("study_attributes"))
              .set(Tags.ModalitiesInStudy, row.getString("modalities").split("\\\\"))
              .set(Tags.SOPClassesInStudy, row.getString("sop_classes").split("\\\\"))
              .set(Tags.NumberOfStudyRelatedSeries, row.getInt("series_count"))
              .set(Tags.NumberOfStudyRelatedInstances, row.getInt("instance_count"))
              .set(Tags.InstanceAvailability, "ONLINE");
      if (level != Level.STUDY) {
        Attributes.merged(answer, DicomObject.ofBytes(row.getBytes("series_attributes")))
            .set(Tags.NumberOfSeriesRelatedInstances, row.getInt("in_series"));
      }
      if (level == Level.INSTANCE) {
        Attributes.merged(answer, DicomObject.ofBytes(row.getBytes("instance_attributes")))
            .set(Tags.AvailableTransferSyntaxUID, row.getString("transfer_syntax_uid"));
      }
      return new Row(row.getLong("number"), answer);
    };
  }

  private static final RowMapper<HeldInstance> HELD =
      (row, context) ->
          new HeldInstance(
              row.getString(1),
              row.getString(2),
              row.getString(3),
              row.getString(4),
              row.getString(5),
              row.getString(6));
}
