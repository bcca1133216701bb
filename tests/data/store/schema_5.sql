PRAGMA application_id = 1769172838;
PRAGMA user_version = 5;
BEGIN TRANSACTION;
CREATE TABLE counter (
  name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counter VALUES('acknowledged_event_count',6);
CREATE TABLE law_version (
  study_id TEXT NOT NULL,
  law TEXT NOT NULL,
  version INTEGER NOT NULL,
  observations_hash TEXT NOT NULL,
  created_time_ms INTEGER NOT NULL,
  intervals_ready INTEGER NOT NULL,
  document TEXT NOT NULL, replicas BLOB,           -- With them; NULL in old versions.
  PRIMARY KEY (study_id, law, version)
) STRICT;
INSERT INTO law_version VALUES('1','chinchilla',1,'h',7,1,'short',NULL);
CREATE TABLE lease (
  name TEXT NOT NULL PRIMARY KEY, holder TEXT NOT NULL, end_time_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE metric_point (
  series INTEGER NOT NULL,
  step INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  value REAL NOT NULL,
  is_nan INTEGER NOT NULL,
  PRIMARY KEY (series, step, time_ms, value, is_nan)
) STRICT, WITHOUT ROWID;
INSERT INTO metric_point VALUES(1,0,2000,4.0,0);
INSERT INTO metric_point VALUES(1,10,3000,3.5,0);
INSERT INTO metric_point VALUES(1,20,4000,3.3333333333333334813,0);
INSERT INTO metric_point VALUES(1,30,5000,3.25,0);
INSERT INTO metric_point VALUES(1,40,6000,3.2000000000000001776,0);
INSERT INTO metric_point VALUES(1,40,90000,3.5,0);
INSERT INTO metric_point VALUES(1,50,7000,3.1666666666666665186,0);
INSERT INTO metric_point VALUES(1,60,8000,3.1428571428571427937,0);
INSERT INTO metric_point VALUES(1,70,9000,3.125,0);
INSERT INTO metric_point VALUES(1,80,10000,3.1111111111111111604,0);
INSERT INTO metric_point VALUES(1,90,11000,3.1000000000000000888,0);
INSERT INTO metric_point VALUES(1,100,12000,3.0909090909090908283,0);
INSERT INTO metric_point VALUES(1,110,13000,3.0833333333333334813,0);
INSERT INTO metric_point VALUES(1,120,14000,3.0769230769230770938,0);
INSERT INTO metric_point VALUES(1,130,15000,3.0714285714285716188,0);
INSERT INTO metric_point VALUES(1,140,16000,3.0666666666666668739,0);
INSERT INTO metric_point VALUES(1,150,17000,3.0625,0);
INSERT INTO metric_point VALUES(1,160,18000,3.0588235294117644968,0);
INSERT INTO metric_point VALUES(1,170,19000,3.0555555555555553581,0);
INSERT INTO metric_point VALUES(1,180,20000,3.0526315789473685846,0);
INSERT INTO metric_point VALUES(1,190,21000,3.0499999999999998223,0);
INSERT INTO metric_point VALUES(2,1,6000,4.5,0);
INSERT INTO metric_point VALUES(2,2,7000,0.0,1);
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  study_id TEXT,              -- NULL until it is known.
  run_name TEXT NOT NULL DEFAULT '',
  status INTEGER NOT NULL DEFAULT 0,
  deleted INTEGER NOT NULL DEFAULT 0,
  start_time_ms INTEGER NOT NULL DEFAULT 0,
  end_time_ms INTEGER NOT NULL DEFAULT 0,
  first_heard_time_ms INTEGER NOT NULL
, heard_time_ms INTEGER NOT NULL DEFAULT 0, compacted INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO run VALUES(1,'finished','1','first',3,0,1000,100000,1700000000000,1700000000000,0);
INSERT INTO run VALUES(2,'running','1','second',1,0,5000,0,1700000000000,1700000000000,0);
CREATE TABLE run_param (
  run INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, key)
) STRICT, WITHOUT ROWID;
INSERT INTO run_param VALUES(1,'parameter_count','1e8');
INSERT INTO run_param VALUES(1,'token_count','2e9');
CREATE TABLE run_tag (
  run INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, key)
) STRICT, WITHOUT ROWID;
INSERT INTO run_tag VALUES(1,'team','a');
CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  key TEXT NOT NULL,
  point_count INTEGER NOT NULL DEFAULT 0,
  last_step INTEGER NOT NULL DEFAULT 0,
  last_time_ms INTEGER NOT NULL DEFAULT 0,
  last_value REAL NOT NULL DEFAULT 0,
  last_is_nan INTEGER NOT NULL DEFAULT 0,
  greatest_time_ms INTEGER NOT NULL DEFAULT 0,
  repeated_step_count INTEGER NOT NULL DEFAULT 0,
  in_order INTEGER NOT NULL DEFAULT 1, least_time_ms INTEGER NOT NULL DEFAULT 0, not_finite_count INTEGER NOT NULL DEFAULT 0, heard_time_ms INTEGER NOT NULL DEFAULT 0, thinned_step INTEGER, thinned_time_ms INTEGER, thinned_repeated_step_count INTEGER, thinned_out_of_order_count INTEGER,  -- 0: the repeated and out-of-order points must be counted from the points.
  UNIQUE (run, key)
) STRICT;
INSERT INTO series VALUES(1,1,'loss',21,190,21000,3.0499999999999998223,0,90000,0,0,2000,0,90000,NULL,NULL,NULL,NULL);
INSERT INTO series VALUES(2,2,'loss',2,2,7000,0.0,1,7000,0,1,6000,1,7000,NULL,NULL,NULL,NULL);
CREATE TABLE study (
  study_id TEXT NOT NULL PRIMARY KEY,
  display_name TEXT NOT NULL DEFAULT '',
  deleted INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO study VALUES('1','sweep',0);
CREATE TABLE point_block (
  id INTEGER PRIMARY KEY,
  series INTEGER NOT NULL,
  first_step INTEGER NOT NULL,
  first_time_ms INTEGER NOT NULL,
  first_value REAL NOT NULL,
  first_is_nan INTEGER NOT NULL,
  points BLOB NOT NULL
) STRICT;
CREATE TABLE prediction (
  study_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  tenth INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  law_version INTEGER NOT NULL,
  method TEXT NOT NULL,
  progress REAL NOT NULL,
  log_loss REAL NOT NULL,
  standard_deviation REAL NOT NULL,
  multiple REAL NOT NULL,
  PRIMARY KEY (study_id, run_id, tenth)
) STRICT, WITHOUT ROWID;
INSERT INTO prediction VALUES('1','finished',3,70,1,'TEMPLATE',0.30999999999999999777,0.9000000000000000222,0.010000000000000000208,2.6000000000000000888);
CREATE TABLE study_setting (
  study_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (study_id, name)
) STRICT, WITHOUT ROWID;
INSERT INTO study_setting VALUES('1','isoflop.days','30');
CREATE INDEX run_by_study ON run (study_id);
CREATE INDEX point_block_by_first ON point_block (series, first_step, first_time_ms, first_value, first_is_nan);
CREATE INDEX run_to_compact ON run (heard_time_ms) WHERE compacted = 0 AND status >= 3;
COMMIT;
