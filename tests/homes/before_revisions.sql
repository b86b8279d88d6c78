BEGIN TRANSACTION;
CREATE TABLE check_result (
	result_id INTEGER NOT NULL, 
	run_id VARCHAR(64) NOT NULL, 
	checked_at DATETIME NOT NULL, 
	tool VARCHAR(40) NOT NULL, 
	dataset_or_model VARCHAR(200) NOT NULL, 
	check_name VARCHAR(200) NOT NULL, 
	severity VARCHAR(20) NOT NULL, 
	passed BOOLEAN NOT NULL, 
	observed TEXT, 
	unexpected_count INTEGER, 
	PRIMARY KEY (result_id)
);
INSERT INTO "check_result" VALUES(1,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387790','great_expectations','activity_reports','judges_agree','error',1,'0 of 21 rules counted apart',0);
INSERT INTO "check_result" VALUES(2,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387811','great_expectations','activity_reports','activity_id__missing_required','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(3,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387817','great_expectations','activity_reports','cluster_code__missing_required','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(4,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387821','great_expectations','activity_reports','activity_type__missing_required','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(5,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387825','great_expectations','activity_reports','activity_type__bad_code','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(6,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387829','great_expectations','activity_reports','start_date__missing_required','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(7,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387832','great_expectations','activity_reports','start_date__bad_date','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(8,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387835','great_expectations','activity_reports','end_date__bad_date','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(9,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387840','great_expectations','activity_reports','province__bad_province','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(10,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387843','great_expectations','activity_reports','participant_ids__bad_id','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(11,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387846','great_expectations','activity_reports','participants_people__bad_number','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(12,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387849','great_expectations','activity_reports','participants_people__out_of_range','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(13,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387851','great_expectations','activity_reports','partner_type__bad_code','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(14,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387854','great_expectations','activity_reports','budget_baht__bad_number','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(15,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387856','great_expectations','activity_reports','budget_baht__out_of_range','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(16,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387859','great_expectations','activity_reports','spent_baht__bad_number','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(17,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387861','great_expectations','activity_reports','spent_baht__out_of_range','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(18,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387864','great_expectations','activity_reports','submitted_on__missing_required','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(19,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387866','great_expectations','activity_reports','submitted_on__bad_date','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(20,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387869','great_expectations','activity_reports','end_not_before_start__end_before_start','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(21,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387872','great_expectations','activity_reports','row__unreadable','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(22,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:23.387874','great_expectations','activity_reports','key__duplicate_in_file','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(23,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:27.373251','great_expectations','cluster_registrations','judges_agree','error',1,'0 of 13 rules counted apart',0);
INSERT INTO "check_result" VALUES(24,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:27.373266','great_expectations','cluster_registrations','cluster_code__missing_required','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(25,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:27.373271','great_expectations','cluster_registrations','cluster_code__bad_code','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(26,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:27.373274','great_expectations','cluster_registrations','cluster_name_th__missing_required','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(27,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:27.373277','great_expectations','cluster_registrations','branch__missing_required','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(28,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:27.373280','great_expectations','cluster_registrations','branch__bad_code','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(29,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:27.373282','great_expectations','cluster_registrations','provinces__bad_province','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(30,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:27.373285','great_expectations','cluster_registrations','registered_on__missing_required','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(31,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:27.373288','great_expectations','cluster_registrations','registered_on__bad_date','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(32,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:27.373290','great_expectations','cluster_registrations','submitted_on__missing_required','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(33,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:27.373292','great_expectations','cluster_registrations','submitted_on__bad_date','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(34,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:27.373295','great_expectations','cluster_registrations','status__bad_code','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(35,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:27.373297','great_expectations','cluster_registrations','row__unreadable','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(36,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:27.373300','great_expectations','cluster_registrations','key__duplicate_in_file','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(37,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:32.106587','great_expectations','financial_outcomes','judges_agree','error',1,'0 of 18 rules counted apart',0);
INSERT INTO "check_result" VALUES(38,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:32.106601','great_expectations','financial_outcomes','cluster_code__missing_required','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(39,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:32.106606','great_expectations','financial_outcomes','juristic_id__missing_required','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(40,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:32.106609','great_expectations','financial_outcomes','juristic_id__bad_id','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(41,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:32.106611','great_expectations','financial_outcomes','fiscal_year__missing_required','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(42,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:32.106614','great_expectations','financial_outcomes','fiscal_year__bad_number','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(43,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:32.106617','great_expectations','financial_outcomes','fiscal_year__out_of_range','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(44,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:32.106619','great_expectations','financial_outcomes','quarter__missing_required','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(45,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:32.106622','great_expectations','financial_outcomes','quarter__bad_number','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(46,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:32.106624','great_expectations','financial_outcomes','quarter__out_of_range','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(47,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:32.106626','great_expectations','financial_outcomes','measure__missing_required','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(48,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:32.106629','great_expectations','financial_outcomes','measure__bad_code','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(49,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:32.106631','great_expectations','financial_outcomes','amount__missing_required','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(50,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:32.106633','great_expectations','financial_outcomes','amount__bad_number','warn',0,'1 of 4 rows in 1 files',1);
INSERT INTO "check_result" VALUES(51,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:32.106635','great_expectations','financial_outcomes','submitted_on__missing_required','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(52,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:32.106638','great_expectations','financial_outcomes','submitted_on__bad_date','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(53,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:32.106640','great_expectations','financial_outcomes','jobs_are_whole_numbers__bad_number','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(54,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:32.106642','great_expectations','financial_outcomes','row__unreadable','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(55,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:32.106645','great_expectations','financial_outcomes','key__duplicate_in_file','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(56,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614816','great_expectations','member_registrations','judges_agree','error',1,'0 of 23 rules counted apart',0);
INSERT INTO "check_result" VALUES(57,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614833','great_expectations','member_registrations','cluster_code__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(58,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614839','great_expectations','member_registrations','juristic_id__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(59,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614843','great_expectations','member_registrations','juristic_id__bad_id','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(60,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614845','great_expectations','member_registrations','enterprise_name__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(61,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614848','great_expectations','member_registrations','legal_form__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(62,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614850','great_expectations','member_registrations','province__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(63,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614853','great_expectations','member_registrations','province__bad_province','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(64,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614855','great_expectations','member_registrations','business_type__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(65,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614857','great_expectations','member_registrations','tsic_code__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(66,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614859','great_expectations','member_registrations','role__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(67,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614862','great_expectations','member_registrations','employees__bad_number','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(68,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614864','great_expectations','member_registrations','employees__out_of_range','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(69,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614867','great_expectations','member_registrations','annual_revenue_baht__bad_number','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(70,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614869','great_expectations','member_registrations','annual_revenue_baht__out_of_range','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(71,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614872','great_expectations','member_registrations','fixed_assets_baht__bad_number','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(72,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614874','great_expectations','member_registrations','fixed_assets_baht__out_of_range','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(73,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614876','great_expectations','member_registrations','registered_on__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(74,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614879','great_expectations','member_registrations','registered_on__bad_date','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(75,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614881','great_expectations','member_registrations','submitted_on__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(76,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614883','great_expectations','member_registrations','submitted_on__bad_date','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(77,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614886','great_expectations','member_registrations','status__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(78,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614889','great_expectations','member_registrations','row__unreadable','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(79,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:31:37.614892','great_expectations','member_registrations','key__duplicate_in_file','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(80,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238697','dbt','metric_column','primary_key_metric_column_table_name__column_name','error',1,'pass',0);
INSERT INTO "check_result" VALUES(81,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238718','dbt','dim_date','primary_key_dim_date_date_day','error',1,'pass',0);
INSERT INTO "check_result" VALUES(82,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238723','dbt','metric_definition','primary_key_metric_definition_name','error',1,'pass',0);
INSERT INTO "check_result" VALUES(83,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238730','dbt','trace_rule','primary_key_trace_rule_table_name__rule_number','error',1,'pass',0);
INSERT INTO "check_result" VALUES(84,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238734','dbt','file_event','primary_key_file_event_event_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(85,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238739','dbt','int_closed_quarters','primary_key_int_closed_quarters_fiscal_year_be__fiscal_quarter','error',1,'pass',0);
INSERT INTO "check_result" VALUES(86,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238742','dbt','published_run','primary_key_published_run_run_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(87,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238746','dbt','fct_programme_target','primary_key_fct_programme_target_fiscal_year_be__programme_measure','error',1,'pass',0);
INSERT INTO "check_result" VALUES(88,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238750','dbt','dim_province','primary_key_dim_province_province_code','error',1,'pass',0);
INSERT INTO "check_result" VALUES(89,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238756','dbt','dim_fiscal_quarter','primary_key_dim_fiscal_quarter_fiscal_year_be__fiscal_quarter','error',1,'pass',0);
INSERT INTO "check_result" VALUES(90,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238758','dbt','dim_cluster','primary_key_dim_cluster_cluster_code','error',1,'pass',0);
INSERT INTO "check_result" VALUES(91,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238764','dbt','dim_closed_quarter','primary_key_dim_closed_quarter_fiscal_year_be__fiscal_quarter','error',1,'pass',0);
INSERT INTO "check_result" VALUES(92,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238768','dbt','dim_night','primary_key_dim_night_night_number','error',1,'pass',0);
INSERT INTO "check_result" VALUES(93,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238770','dbt','bridge_cluster_province','assert_province_weights_of_a_cluster_sum_to_one','error',1,'pass',0);
INSERT INTO "check_result" VALUES(94,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238773','dbt','bridge_cluster_province','primary_key_bridge_cluster_province_cluster_code__province_code__province_code','error',1,'pass',0);
INSERT INTO "check_result" VALUES(95,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238776','dbt','bridge_cluster_province','refers_to_bridge_cluster_province_province_code__ref_dim_province_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(96,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238778','dbt','fct_activity','primary_key_fct_activity_activity_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(97,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238781','dbt','fct_activity','refers_to_fct_activity_cluster_code__ref_dim_cluster_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(98,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238784','dbt','fct_membership','primary_key_fct_membership_cluster_code__enterprise_key__version_number','error',1,'pass',0);
INSERT INTO "check_result" VALUES(99,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238787','dbt','fct_membership','assert_a_membership_has_one_current_version','error',1,'pass',0);
INSERT INTO "check_result" VALUES(100,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238789','dbt','fct_membership','refers_to_fct_membership_cluster_code__ref_dim_cluster_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(101,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238793','dbt','fct_closed_figure','assert_a_closed_quarters_figures_are_those_that_were_fixed','error',1,'pass',0);
INSERT INTO "check_result" VALUES(102,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238795','dbt','fct_closed_figure','primary_key_fct_closed_figure_fiscal_year_be__fiscal_quarter__cluster_code__measure','error',1,'pass',0);
INSERT INTO "check_result" VALUES(103,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238798','dbt','fct_matter_event','primary_key_fct_matter_event_event_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(104,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238800','dbt','fct_matter_event','refers_to_fct_matter_event_night_number__ref_dim_night_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(105,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238803','dbt','fct_activity_participation','primary_key_fct_activity_participation_activity_id__enterprise_key','error',1,'pass',0);
INSERT INTO "check_result" VALUES(106,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238805','dbt','dim_enterprise','primary_key_dim_enterprise_enterprise_key','error',1,'pass',0);
INSERT INTO "check_result" VALUES(107,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238807','dbt','fct_activity_participation','refers_to_fct_activity_participation_enterprise_key__ref_dim_enterprise_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(108,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238810','dbt','fct_financial_outcome','primary_key_fct_financial_outcome_cluster_code__enterprise_key__fiscal_year_be__fiscal_quarter__measure','error',1,'pass',0);
INSERT INTO "check_result" VALUES(109,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238812','dbt','fct_financial_outcome','refers_to_fct_financial_outcome_enterprise_key__ref_dim_enterprise_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(110,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238815','dbt','int_quarter_adjustments','primary_key_int_quarter_adjustments_fiscal_year_be__fiscal_quarter__cluster_code__enterprise_key__measure','error',1,'pass',0);
INSERT INTO "check_result" VALUES(111,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238819','dbt','load_file','assert_marts_hold_exactly_the_current_rows_of_each_file','error',1,'pass',0);
INSERT INTO "check_result" VALUES(112,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238821','dbt','load_file','primary_key_load_file_receipt_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(113,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238824','dbt','quarantined_row','assert_every_quarantined_row_says_why','warn',1,'pass',0);
INSERT INTO "check_result" VALUES(114,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238827','dbt','quarantined_row','primary_key_quarantined_row_receipt_id__row_sequence__problem_number','error',1,'pass',0);
INSERT INTO "check_result" VALUES(115,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238829','dbt','superseded_row','assert_every_superseded_row_is_explained','error',1,'pass',0);
INSERT INTO "check_result" VALUES(116,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238832','dbt','superseded_row','primary_key_superseded_row_receipt_id__row_sequence','error',1,'pass',0);
INSERT INTO "check_result" VALUES(117,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238834','dbt','fct_expected_report','primary_key_fct_expected_report_cluster_code__enterprise_key__fiscal_year_be__fiscal_quarter','error',1,'pass',0);
INSERT INTO "check_result" VALUES(118,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238836','dbt','fct_member_year','primary_key_fct_member_year_cluster_code__enterprise_key__fiscal_year_be','error',1,'pass',0);
INSERT INTO "check_result" VALUES(119,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238839','dbt','fct_quarter_adjustment','primary_key_fct_quarter_adjustment_fiscal_year_be__fiscal_quarter__cluster_code__enterprise_key__measure','error',1,'pass',0);
INSERT INTO "check_result" VALUES(120,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238841','dbt','fct_file_matter','primary_key_fct_file_matter_matter_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(121,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238845','dbt','rpt_participation_outcomes','primary_key_rpt_participation_outcomes_activity_type__fiscal_year_be__fiscal_quarter__measure','error',1,'pass',0);
INSERT INTO "check_result" VALUES(122,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238848','dbt','rpt_reporting_completeness','primary_key_rpt_reporting_completeness_cluster_code__fiscal_year_be__fiscal_quarter','error',1,'pass',0);
INSERT INTO "check_result" VALUES(123,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238850','dbt','rpt_quarter_adjustment','primary_key_rpt_quarter_adjustment_fiscal_year_be__fiscal_quarter__cluster_code__measure__file_id__why','error',1,'pass',0);
INSERT INTO "check_result" VALUES(124,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238853','dbt','rpt_quarter_closing','assert_closed_figures_and_adjustments_make_the_current_ones','error',1,'pass',0);
INSERT INTO "check_result" VALUES(125,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238855','dbt','rpt_quarter_closing','primary_key_rpt_quarter_closing_fiscal_year_be__fiscal_quarter__cluster_code__measure','error',1,'pass',0);
INSERT INTO "check_result" VALUES(126,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238857','dbt','fct_suspicion','primary_key_fct_suspicion_suspicion_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(127,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238859','dbt','fct_suspicion','assert_an_outcome_is_left_out_once_and_whole','error',1,'pass',0);
INSERT INTO "check_result" VALUES(128,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238862','dbt','rpt_cluster_scorecard','primary_key_rpt_cluster_scorecard_cluster_code__fiscal_year_be','error',1,'pass',0);
INSERT INTO "check_result" VALUES(129,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238865','dbt','rpt_programme_completeness','primary_key_rpt_programme_completeness_fiscal_year_be__fiscal_quarter','error',1,'pass',0);
INSERT INTO "check_result" VALUES(130,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238867','dbt','rpt_programme_progress','assert_scorecards_add_up_to_programme_progress','error',1,'pass',0);
INSERT INTO "check_result" VALUES(131,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238869','dbt','rpt_programme_progress','primary_key_rpt_programme_progress_fiscal_year_be__measure','error',1,'pass',0);
INSERT INTO "check_result" VALUES(132,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238871','dbt','dim_enterprise','assert_no_natural_person_is_named','error',1,'pass',0);
INSERT INTO "check_result" VALUES(133,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238875','dbt','rpt_follow_up','primary_key_rpt_follow_up_matter_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(134,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238877','dbt','rpt_suspicions','primary_key_rpt_suspicions_suspicion_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(135,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238879','dbt','rpt_follow_up_trend','assert_the_follow_up_trend_ends_with_what_is_open','error',1,'pass',0);
INSERT INTO "check_result" VALUES(136,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:30.238882','dbt','rpt_follow_up_trend','primary_key_rpt_follow_up_trend_night_number__kind','error',1,'pass',0);
INSERT INTO "check_result" VALUES(137,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698342','great_expectations','activity_reports','judges_agree','error',1,'0 of 21 rules counted apart',0);
INSERT INTO "check_result" VALUES(138,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698363','great_expectations','activity_reports','activity_id__missing_required','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(139,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698370','great_expectations','activity_reports','cluster_code__missing_required','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(140,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698374','great_expectations','activity_reports','activity_type__missing_required','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(141,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698378','great_expectations','activity_reports','activity_type__bad_code','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(142,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698382','great_expectations','activity_reports','start_date__missing_required','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(143,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698385','great_expectations','activity_reports','start_date__bad_date','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(144,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698388','great_expectations','activity_reports','end_date__bad_date','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(145,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698392','great_expectations','activity_reports','province__bad_province','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(146,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698395','great_expectations','activity_reports','participant_ids__bad_id','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(147,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698398','great_expectations','activity_reports','participants_people__bad_number','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(148,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698401','great_expectations','activity_reports','participants_people__out_of_range','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(149,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698404','great_expectations','activity_reports','partner_type__bad_code','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(150,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698406','great_expectations','activity_reports','budget_baht__bad_number','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(151,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698409','great_expectations','activity_reports','budget_baht__out_of_range','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(152,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698411','great_expectations','activity_reports','spent_baht__bad_number','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(153,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698413','great_expectations','activity_reports','spent_baht__out_of_range','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(154,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698415','great_expectations','activity_reports','submitted_on__missing_required','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(155,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698418','great_expectations','activity_reports','submitted_on__bad_date','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(156,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698421','great_expectations','activity_reports','end_not_before_start__end_before_start','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(157,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698424','great_expectations','activity_reports','row__unreadable','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(158,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:38.698426','great_expectations','activity_reports','key__duplicate_in_file','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(159,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:41.772194','great_expectations','cluster_registrations','judges_agree','error',1,'0 of 13 rules counted apart',0);
INSERT INTO "check_result" VALUES(160,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:41.772216','great_expectations','cluster_registrations','cluster_code__missing_required','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(161,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:41.772223','great_expectations','cluster_registrations','cluster_code__bad_code','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(162,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:41.772228','great_expectations','cluster_registrations','cluster_name_th__missing_required','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(163,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:41.772232','great_expectations','cluster_registrations','branch__missing_required','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(164,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:41.772236','great_expectations','cluster_registrations','branch__bad_code','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(165,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:41.772240','great_expectations','cluster_registrations','provinces__bad_province','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(166,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:41.772244','great_expectations','cluster_registrations','registered_on__missing_required','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(167,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:41.772248','great_expectations','cluster_registrations','registered_on__bad_date','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(168,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:41.772252','great_expectations','cluster_registrations','submitted_on__missing_required','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(169,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:41.772256','great_expectations','cluster_registrations','submitted_on__bad_date','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(170,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:41.772260','great_expectations','cluster_registrations','status__bad_code','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(171,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:41.772263','great_expectations','cluster_registrations','row__unreadable','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(172,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:41.772267','great_expectations','cluster_registrations','key__duplicate_in_file','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(173,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:53.103828','great_expectations','financial_outcomes','judges_agree','error',1,'0 of 18 rules counted apart',0);
INSERT INTO "check_result" VALUES(174,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:53.103847','great_expectations','financial_outcomes','cluster_code__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(175,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:53.103854','great_expectations','financial_outcomes','juristic_id__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(176,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:53.103857','great_expectations','financial_outcomes','juristic_id__bad_id','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(177,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:53.103860','great_expectations','financial_outcomes','fiscal_year__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(178,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:53.103863','great_expectations','financial_outcomes','fiscal_year__bad_number','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(179,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:53.103865','great_expectations','financial_outcomes','fiscal_year__out_of_range','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(180,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:53.103868','great_expectations','financial_outcomes','quarter__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(181,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:53.103870','great_expectations','financial_outcomes','quarter__bad_number','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(182,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:53.103873','great_expectations','financial_outcomes','quarter__out_of_range','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(183,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:53.103875','great_expectations','financial_outcomes','measure__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(184,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:53.103877','great_expectations','financial_outcomes','measure__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(185,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:53.103880','great_expectations','financial_outcomes','amount__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(186,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:53.103882','great_expectations','financial_outcomes','amount__bad_number','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(187,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:53.103884','great_expectations','financial_outcomes','submitted_on__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(188,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:53.103887','great_expectations','financial_outcomes','submitted_on__bad_date','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(189,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:53.103889','great_expectations','financial_outcomes','jobs_are_whole_numbers__bad_number','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(190,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:53.103892','great_expectations','financial_outcomes','row__unreadable','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(191,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:53.103895','great_expectations','financial_outcomes','key__duplicate_in_file','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(192,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405895','great_expectations','member_registrations','judges_agree','error',1,'0 of 23 rules counted apart',0);
INSERT INTO "check_result" VALUES(193,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405910','great_expectations','member_registrations','cluster_code__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(194,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405915','great_expectations','member_registrations','juristic_id__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(195,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405918','great_expectations','member_registrations','juristic_id__bad_id','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(196,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405921','great_expectations','member_registrations','enterprise_name__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(197,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405923','great_expectations','member_registrations','legal_form__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(198,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405926','great_expectations','member_registrations','province__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(199,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405928','great_expectations','member_registrations','province__bad_province','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(200,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405930','great_expectations','member_registrations','business_type__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(201,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405933','great_expectations','member_registrations','tsic_code__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(202,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405935','great_expectations','member_registrations','role__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(203,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405937','great_expectations','member_registrations','employees__bad_number','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(204,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405939','great_expectations','member_registrations','employees__out_of_range','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(205,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405941','great_expectations','member_registrations','annual_revenue_baht__bad_number','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(206,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405944','great_expectations','member_registrations','annual_revenue_baht__out_of_range','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(207,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405946','great_expectations','member_registrations','fixed_assets_baht__bad_number','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(208,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405948','great_expectations','member_registrations','fixed_assets_baht__out_of_range','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(209,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405950','great_expectations','member_registrations','registered_on__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(210,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405953','great_expectations','member_registrations','registered_on__bad_date','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(211,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405955','great_expectations','member_registrations','submitted_on__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(212,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405957','great_expectations','member_registrations','submitted_on__bad_date','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(213,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405959','great_expectations','member_registrations','status__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(214,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405961','great_expectations','member_registrations','row__unreadable','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(215,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:30:55.405964','great_expectations','member_registrations','key__duplicate_in_file','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(216,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.894483','dbt','metric_column','primary_key_metric_column_table_name__column_name','error',1,'pass',0);
INSERT INTO "check_result" VALUES(217,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.894503','dbt','dim_date','primary_key_dim_date_date_day','error',1,'pass',0);
INSERT INTO "check_result" VALUES(218,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.894508','dbt','metric_definition','primary_key_metric_definition_name','error',1,'pass',0);
INSERT INTO "check_result" VALUES(219,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.894514','dbt','trace_rule','primary_key_trace_rule_table_name__rule_number','error',1,'pass',0);
INSERT INTO "check_result" VALUES(220,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.894517','dbt','file_event','primary_key_file_event_event_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(221,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.894520','dbt','published_run','primary_key_published_run_run_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(222,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.894523','dbt','int_closed_quarters','primary_key_int_closed_quarters_fiscal_year_be__fiscal_quarter','error',1,'pass',0);
INSERT INTO "check_result" VALUES(223,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.894527','dbt','fct_programme_target','primary_key_fct_programme_target_fiscal_year_be__programme_measure','error',1,'pass',0);
INSERT INTO "check_result" VALUES(224,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.894535','dbt','dim_province','primary_key_dim_province_province_code','error',1,'pass',0);
INSERT INTO "check_result" VALUES(225,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909905','dbt','dim_fiscal_quarter','primary_key_dim_fiscal_quarter_fiscal_year_be__fiscal_quarter','error',1,'pass',0);
INSERT INTO "check_result" VALUES(226,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909918','dbt','dim_cluster','primary_key_dim_cluster_cluster_code','error',1,'pass',0);
INSERT INTO "check_result" VALUES(227,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909926','dbt','dim_closed_quarter','primary_key_dim_closed_quarter_fiscal_year_be__fiscal_quarter','error',1,'pass',0);
INSERT INTO "check_result" VALUES(228,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909930','dbt','dim_night','primary_key_dim_night_night_number','error',1,'pass',0);
INSERT INTO "check_result" VALUES(229,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909933','dbt','fct_activity','primary_key_fct_activity_activity_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(230,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909936','dbt','fct_activity','refers_to_fct_activity_cluster_code__ref_dim_cluster_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(231,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909939','dbt','bridge_cluster_province','assert_province_weights_of_a_cluster_sum_to_one','error',1,'pass',0);
INSERT INTO "check_result" VALUES(232,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909942','dbt','bridge_cluster_province','primary_key_bridge_cluster_province_cluster_code__province_code__province_code','error',1,'pass',0);
INSERT INTO "check_result" VALUES(233,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909946','dbt','bridge_cluster_province','refers_to_bridge_cluster_province_province_code__ref_dim_province_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(234,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909951','dbt','fct_membership','assert_a_membership_has_one_current_version','error',1,'pass',0);
INSERT INTO "check_result" VALUES(235,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909954','dbt','fct_membership','primary_key_fct_membership_cluster_code__enterprise_key__version_number','error',1,'pass',0);
INSERT INTO "check_result" VALUES(236,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909957','dbt','fct_membership','refers_to_fct_membership_cluster_code__ref_dim_cluster_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(237,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909965','dbt','fct_closed_figure','assert_a_closed_quarters_figures_are_those_that_were_fixed','error',1,'pass',0);
INSERT INTO "check_result" VALUES(238,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909969','dbt','fct_closed_figure','primary_key_fct_closed_figure_fiscal_year_be__fiscal_quarter__cluster_code__measure','error',1,'pass',0);
INSERT INTO "check_result" VALUES(239,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909972','dbt','fct_matter_event','primary_key_fct_matter_event_event_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(240,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909975','dbt','fct_matter_event','refers_to_fct_matter_event_night_number__ref_dim_night_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(241,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909978','dbt','fct_activity_participation','primary_key_fct_activity_participation_activity_id__enterprise_key','error',1,'pass',0);
INSERT INTO "check_result" VALUES(242,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909982','dbt','fct_activity_participation','refers_to_fct_activity_participation_enterprise_key__ref_dim_enterprise_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(243,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909985','dbt','dim_enterprise','primary_key_dim_enterprise_enterprise_key','error',1,'pass',0);
INSERT INTO "check_result" VALUES(244,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909989','dbt','fct_financial_outcome','primary_key_fct_financial_outcome_cluster_code__enterprise_key__fiscal_year_be__fiscal_quarter__measure','error',1,'pass',0);
INSERT INTO "check_result" VALUES(245,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909993','dbt','fct_financial_outcome','refers_to_fct_financial_outcome_enterprise_key__ref_dim_enterprise_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(246,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.909998','dbt','int_quarter_adjustments','primary_key_int_quarter_adjustments_fiscal_year_be__fiscal_quarter__cluster_code__enterprise_key__measure','error',1,'pass',0);
INSERT INTO "check_result" VALUES(247,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910005','dbt','load_file','assert_marts_hold_exactly_the_current_rows_of_each_file','error',1,'pass',0);
INSERT INTO "check_result" VALUES(248,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910009','dbt','load_file','primary_key_load_file_receipt_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(249,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910012','dbt','quarantined_row','assert_every_quarantined_row_says_why','warn',1,'pass',0);
INSERT INTO "check_result" VALUES(250,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910016','dbt','quarantined_row','primary_key_quarantined_row_receipt_id__row_sequence__problem_number','error',1,'pass',0);
INSERT INTO "check_result" VALUES(251,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910019','dbt','superseded_row','assert_every_superseded_row_is_explained','error',1,'pass',0);
INSERT INTO "check_result" VALUES(252,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910022','dbt','superseded_row','primary_key_superseded_row_receipt_id__row_sequence','error',1,'pass',0);
INSERT INTO "check_result" VALUES(253,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910024','dbt','fct_member_year','primary_key_fct_member_year_cluster_code__enterprise_key__fiscal_year_be','error',1,'pass',0);
INSERT INTO "check_result" VALUES(254,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910027','dbt','fct_expected_report','primary_key_fct_expected_report_cluster_code__enterprise_key__fiscal_year_be__fiscal_quarter','error',1,'pass',0);
INSERT INTO "check_result" VALUES(255,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910030','dbt','fct_quarter_adjustment','primary_key_fct_quarter_adjustment_fiscal_year_be__fiscal_quarter__cluster_code__enterprise_key__measure','error',1,'pass',0);
INSERT INTO "check_result" VALUES(256,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910033','dbt','fct_file_matter','primary_key_fct_file_matter_matter_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(257,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910040','dbt','rpt_participation_outcomes','primary_key_rpt_participation_outcomes_activity_type__fiscal_year_be__fiscal_quarter__measure','error',1,'pass',0);
INSERT INTO "check_result" VALUES(258,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910043','dbt','rpt_reporting_completeness','primary_key_rpt_reporting_completeness_cluster_code__fiscal_year_be__fiscal_quarter','error',1,'pass',0);
INSERT INTO "check_result" VALUES(259,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910046','dbt','rpt_quarter_adjustment','primary_key_rpt_quarter_adjustment_fiscal_year_be__fiscal_quarter__cluster_code__measure__file_id__why','error',1,'pass',0);
INSERT INTO "check_result" VALUES(260,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910050','dbt','rpt_quarter_closing','assert_closed_figures_and_adjustments_make_the_current_ones','error',1,'pass',0);
INSERT INTO "check_result" VALUES(261,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910052','dbt','rpt_quarter_closing','primary_key_rpt_quarter_closing_fiscal_year_be__fiscal_quarter__cluster_code__measure','error',1,'pass',0);
INSERT INTO "check_result" VALUES(262,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910055','dbt','fct_suspicion','assert_an_outcome_is_left_out_once_and_whole','error',1,'pass',0);
INSERT INTO "check_result" VALUES(263,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910058','dbt','fct_suspicion','primary_key_fct_suspicion_suspicion_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(264,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910064','dbt','rpt_programme_completeness','primary_key_rpt_programme_completeness_fiscal_year_be__fiscal_quarter','error',1,'pass',0);
INSERT INTO "check_result" VALUES(265,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910067','dbt','rpt_cluster_scorecard','primary_key_rpt_cluster_scorecard_cluster_code__fiscal_year_be','error',1,'pass',0);
INSERT INTO "check_result" VALUES(266,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910069','dbt','rpt_follow_up','primary_key_rpt_follow_up_matter_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(267,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910071','dbt','dim_enterprise','assert_no_natural_person_is_named','error',1,'pass',0);
INSERT INTO "check_result" VALUES(268,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910074','dbt','rpt_programme_progress','assert_scorecards_add_up_to_programme_progress','error',1,'pass',0);
INSERT INTO "check_result" VALUES(269,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910078','dbt','rpt_programme_progress','primary_key_rpt_programme_progress_fiscal_year_be__measure','error',1,'pass',0);
INSERT INTO "check_result" VALUES(270,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910082','dbt','rpt_follow_up_trend','assert_the_follow_up_trend_ends_with_what_is_open','error',1,'pass',0);
INSERT INTO "check_result" VALUES(271,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910084','dbt','rpt_follow_up_trend','primary_key_rpt_follow_up_trend_night_number__kind','error',1,'pass',0);
INSERT INTO "check_result" VALUES(272,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:31:48.910087','dbt','rpt_suspicions','primary_key_rpt_suspicions_suspicion_id','error',1,'pass',0);
CREATE TABLE closed_figure (
	figure_id INTEGER NOT NULL, 
	event_id INTEGER NOT NULL, 
	cluster_code VARCHAR(20) NOT NULL, 
	measure VARCHAR(40) NOT NULL, 
	amount VARCHAR(45) NOT NULL, 
	enterprises INTEGER NOT NULL, 
	PRIMARY KEY (figure_id), 
	FOREIGN KEY(event_id) REFERENCES quarter_event (event_id)
);
INSERT INTO "closed_figure" VALUES(1,1,'C01','sales_increase','350.00',2);
CREATE TABLE file_event (
	event_id INTEGER NOT NULL, 
	event_kind VARCHAR(20) NOT NULL, 
	dataset VARCHAR(100) NOT NULL, 
	path TEXT NOT NULL, 
	file_id VARCHAR(64) NOT NULL, 
	contract_version VARCHAR(40) NOT NULL, 
	occurred_at DATETIME NOT NULL, 
	run_id VARCHAR(64) NOT NULL, 
	reason VARCHAR(40), 
	message TEXT, 
	rows_read INTEGER NOT NULL, 
	rows_accepted INTEGER NOT NULL, 
	rows_quarantined INTEGER NOT NULL, 
	control_total VARCHAR(45) NOT NULL, 
	details JSON NOT NULL, 
	PRIMARY KEY (event_id)
);
INSERT INTO "file_event" VALUES(1,'loaded','activity_reports','activity_reports/activities.csv','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','2015-02-20 18:31:23.234605','db1da81b-aee2-4ea2-be34-9e7eabc6f508',NULL,NULL,1,1,0,'190000.00','{"format": "comma-separated text, utf-8"}');
INSERT INTO "file_event" VALUES(2,'loaded','cluster_registrations','cluster_registrations/clusters.csv','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-9034a4cc','2015-02-20 18:31:27.268674','db1da81b-aee2-4ea2-be34-9e7eabc6f508',NULL,NULL,2,2,0,'0','{"format": "comma-separated text, utf-8"}');
INSERT INTO "file_event" VALUES(3,'loaded','financial_outcomes','financial_outcomes/a.csv','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-2171192d','2015-02-20 18:31:31.651348','db1da81b-aee2-4ea2-be34-9e7eabc6f508',NULL,NULL,3,2,1,'4100.00','{"format": "comma-separated text, utf-8"}');
INSERT INTO "file_event" VALUES(4,'loaded','financial_outcomes','financial_outcomes/wrong.csv','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','2015-02-20 18:31:31.682137','db1da81b-aee2-4ea2-be34-9e7eabc6f508',NULL,NULL,1,1,0,'9000.00','{"format": "comma-separated text, utf-8"}');
INSERT INTO "file_event" VALUES(5,'rejected','financial_outcomes','financial_outcomes/refused.csv','eacfc544fa2eb45c119cece76777d3b7087ba7ac82b26080c941bd65350f806a','1.0.0-2171192d','2015-02-20 18:31:31.698351','db1da81b-aee2-4ea2-be34-9e7eabc6f508','missing_column','No row names a column of financial_outcomes (ผลลัพธ์ทางการเงิน). The header must name at least: cluster_code (รหัสคลัสเตอร์), juristic_id (เลขทะเบียนนิติบุคคล), fiscal_year (ปีงบประมาณ), quarter (ไตรมาส), measure (ตัวชี้วัด), amount (จำนวน), submitted_on (วันที่ส่งข้อมูล).',0,0,0,'0','{}');
INSERT INTO "file_event" VALUES(6,'loaded','member_registrations','member_registrations/members.csv','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','2015-02-20 18:31:37.433093','db1da81b-aee2-4ea2-be34-9e7eabc6f508',NULL,NULL,3,3,0,'5100000.00','{"format": "comma-separated text, utf-8"}');
INSERT INTO "file_event" VALUES(7,'withdrawn','financial_outcomes','financial_outcomes/wrong.csv','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','2015-02-21 03:00:01.482958','',NULL,NULL,0,0,0,'0.00','{}');
INSERT INTO "file_event" VALUES(8,'duplicate','financial_outcomes','financial_outcomes/again.csv','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','2015-02-21 18:30:37.883365','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',NULL,'The same bytes came before as financial_outcomes/wrong.csv; nothing was loaded a second time.',0,0,0,'0.00','{}');
INSERT INTO "file_event" VALUES(9,'loaded','financial_outcomes','financial_outcomes/a.csv','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-2171192d','2015-02-21 18:30:52.888941','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',NULL,NULL,3,3,0,'4350.00','{"format": "comma-separated text, utf-8"}');
CREATE TABLE matter_event (
	event_id INTEGER NOT NULL, 
	matter_id VARCHAR(32) NOT NULL, 
	run_id VARCHAR(64) NOT NULL, 
	occurred_at DATETIME NOT NULL, 
	event_kind VARCHAR(20) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	cluster_code TEXT, 
	sender TEXT, 
	dataset VARCHAR(100), 
	path TEXT, 
	column_name VARCHAR(100), 
	reason VARCHAR(100), 
	waits_for TEXT, 
	fiscal_year_be INTEGER, 
	fiscal_quarter INTEGER, 
	row_count INTEGER, 
	amount_baht VARCHAR(45), 
	what_th TEXT, 
	what_en TEXT, 
	action_th TEXT, 
	action_en TEXT, 
	PRIMARY KEY (event_id)
);
INSERT INTO "matter_event" VALUES(1,'659c0cc1b7e92bd10974950a006b27bb','db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:53.894679','opened','missing_report','C01',NULL,NULL,NULL,NULL,NULL,NULL,2558,1,1,NULL,'สมาชิก 1 จาก 2 รายยังไม่ได้รายงานผลไตรมาส 1 ปีงบประมาณ 2558','1 of 2 members have not reported for quarter 1 of fiscal year 2558.','ขอรายงานผลจากสมาชิกที่ขาดแล้วส่งเข้ามา หากสมาชิกรายใดออกจากคลัสเตอร์แล้ว ให้ส่งสถานะถอนตัว','Ask the missing members for their report and send it in; register as withdrawn whoever has left the cluster.');
INSERT INTO "matter_event" VALUES(2,'7d0d06a9389bb668eee80b8f450d44bb','db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:53.894679','opened','quarantined','C01','C01','financial_outcomes','financial_outcomes/a.csv','amount','bad_number',NULL,NULL,NULL,1,'0.00','amount: อ่านตัวเลขไม่ได้ หรือจำนวนคนไม่เป็นจำนวนเต็ม','amount: The number cannot be read, or people are not counted whole.','เขียนเป็นตัวเลขแล้วส่งใหม่','Write it in digits and send it again.');
INSERT INTO "matter_event" VALUES(3,'a06c33c85978f60f25c509435345797b','db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:53.894679','opened','held','C01','C01','financial_outcomes','financial_outcomes/a.csv','juristic_id','unregistered_enterprise','0985550000034',NULL,NULL,1,'4000.00','juristic_id: รออยู่: วิสาหกิจนี้ยังไม่ได้ขึ้นทะเบียนเป็นสมาชิกคลัสเตอร์ (0985550000034)','juristic_id: Waiting: this enterprise is not registered as a member of the cluster yet. (0985550000034)','ตรวจเลขทะเบียน หากถูกต้องให้ส่งทะเบียนสมาชิก แล้วแถวนี้จะเข้าระบบเอง','Check the number; if it is right, send the member''s registration, and the row comes in by itself.');
INSERT INTO "matter_event" VALUES(4,'a28143f89d24604c8eac047c9cdb6441','db1da81b-aee2-4ea2-be34-9e7eabc6f508','2015-02-20 18:32:53.894679','opened','rejected',NULL,NULL,'financial_outcomes','financial_outcomes/refused.csv',NULL,'missing_column',NULL,NULL,NULL,0,NULL,'ไฟล์ขาดคอลัมน์ที่จำเป็น','A required column is missing.','เพิ่มคอลัมน์ หรือใช้แบบฟอร์ม แล้วส่งในชื่อเดิม','Add it, or use the template, and send the file under the same name.');
INSERT INTO "matter_event" VALUES(5,'659c0cc1b7e92bd10974950a006b27bb','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:32:18.752066','resolved','missing_report','C01',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "matter_event" VALUES(6,'74c527d306c1f292d299475b082a166a','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:32:18.752066','opened','missing_report','C02',NULL,NULL,NULL,NULL,NULL,NULL,2558,1,1,NULL,'สมาชิก 1 จาก 1 รายยังไม่ได้รายงานผลไตรมาส 1 ปีงบประมาณ 2558','1 of 1 members have not reported for quarter 1 of fiscal year 2558.','ขอรายงานผลจากสมาชิกที่ขาดแล้วส่งเข้ามา หากสมาชิกรายใดออกจากคลัสเตอร์แล้ว ให้ส่งสถานะถอนตัว','Ask the missing members for their report and send it in; register as withdrawn whoever has left the cluster.');
INSERT INTO "matter_event" VALUES(7,'7d0d06a9389bb668eee80b8f450d44bb','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:32:18.752066','resolved','quarantined','C01',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE night_difference (
	difference_id INTEGER NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	run_id VARCHAR(64) NOT NULL, 
	difference_number INTEGER NOT NULL, 
	previous_run_id VARCHAR(64), 
	kind VARCHAR(20) NOT NULL, 
	line VARCHAR(20) NOT NULL, 
	table_name VARCHAR(200) NOT NULL, 
	figure_key TEXT, 
	file_id VARCHAR(64), 
	path TEXT, 
	files INTEGER, 
	rows_before INTEGER, 
	rows_after INTEGER, 
	rows_added INTEGER, 
	rows_changed INTEGER, 
	rows_removed INTEGER, 
	figure_before_baht VARCHAR(45), 
	figure_after_baht VARCHAR(45), 
	figure_change_baht VARCHAR(45), 
	remark TEXT, 
	PRIMARY KEY (difference_id)
);
INSERT INTO "night_difference" VALUES(1,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',1,NULL,'figure','total','reports.rpt_programme_progress','fiscal_year_be=2558, measure=cost_reduction',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'0.00','0.00',NULL);
INSERT INTO "night_difference" VALUES(2,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',2,NULL,'figure','total','reports.rpt_programme_progress','fiscal_year_be=2558, measure=economic_expansion',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'9100.00','9100.00',NULL);
INSERT INTO "night_difference" VALUES(3,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',3,NULL,'rows','total','marts.bridge_cluster_province',NULL,NULL,NULL,NULL,NULL,4,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(4,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',4,NULL,'rows','total','marts.dim_closed_quarter',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(5,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',5,NULL,'rows','total','marts.dim_cluster',NULL,NULL,NULL,NULL,NULL,2,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(6,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',6,NULL,'rows','total','marts.dim_date',NULL,NULL,NULL,NULL,NULL,18628,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(7,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',7,NULL,'rows','total','marts.dim_enterprise',NULL,NULL,NULL,NULL,NULL,3,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(8,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',8,NULL,'rows','total','marts.dim_fiscal_quarter',NULL,NULL,NULL,NULL,NULL,204,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(9,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',9,NULL,'rows','total','marts.dim_night',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(10,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',10,NULL,'rows','total','marts.dim_province',NULL,NULL,NULL,NULL,NULL,77,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(11,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',11,NULL,'rows','total','marts.fct_activity',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(12,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',12,NULL,'rows','total','marts.fct_activity_participation',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(13,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',13,NULL,'rows','total','marts.fct_closed_figure',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(14,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',14,NULL,'rows','total','marts.fct_expected_report',NULL,NULL,NULL,NULL,NULL,12,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(15,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',15,NULL,'rows','total','marts.fct_file_matter',NULL,NULL,NULL,NULL,NULL,3,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(16,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',16,NULL,'rows','total','marts.fct_financial_outcome',NULL,NULL,NULL,NULL,NULL,2,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(17,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',17,NULL,'rows','total','marts.fct_matter_event',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(18,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',18,NULL,'rows','total','marts.fct_member_year',NULL,NULL,NULL,NULL,NULL,3,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(19,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',19,NULL,'rows','total','marts.fct_membership',NULL,NULL,NULL,NULL,NULL,3,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(20,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',20,NULL,'rows','total','marts.fct_programme_target',NULL,NULL,NULL,NULL,NULL,2,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(21,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',21,NULL,'rows','total','marts.fct_quarter_adjustment',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(22,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',22,NULL,'rows','total','marts.fct_suspicion',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(23,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',23,NULL,'rows','total','reports.metric_column',NULL,NULL,NULL,NULL,NULL,77,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(24,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',24,NULL,'rows','total','reports.metric_definition',NULL,NULL,NULL,NULL,NULL,64,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(25,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',25,NULL,'rows','total','reports.rpt_cluster_scorecard',NULL,NULL,NULL,NULL,NULL,2,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(26,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',26,NULL,'rows','total','reports.rpt_follow_up',NULL,NULL,NULL,NULL,NULL,4,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(27,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',27,NULL,'rows','total','reports.rpt_follow_up_trend',NULL,NULL,NULL,NULL,NULL,5,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(28,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',28,NULL,'rows','total','reports.rpt_participation_outcomes',NULL,NULL,NULL,NULL,NULL,56,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(29,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',29,NULL,'rows','total','reports.rpt_programme_completeness',NULL,NULL,NULL,NULL,NULL,4,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(30,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',30,NULL,'rows','total','reports.rpt_programme_progress',NULL,NULL,NULL,NULL,NULL,2,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(31,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',31,NULL,'rows','total','reports.rpt_quarter_adjustment',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(32,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',32,NULL,'rows','total','reports.rpt_quarter_closing',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(33,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',33,NULL,'rows','total','reports.rpt_reporting_completeness',NULL,NULL,NULL,NULL,NULL,8,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(34,'2015-02-20 18:32:53.894679','db1da81b-aee2-4ea2-be34-9e7eabc6f508',34,NULL,'rows','total','reports.rpt_suspicions',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,'the table is new');
INSERT INTO "night_difference" VALUES(35,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',1,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','figure','total','reports.rpt_programme_progress','fiscal_year_be=2558, measure=cost_reduction',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'0.00','0.00','0.00',NULL);
INSERT INTO "night_difference" VALUES(36,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',2,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','figure','total','reports.rpt_programme_progress','fiscal_year_be=2558, measure=economic_expansion',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'9100.00','350.00','-8750.00',NULL);
INSERT INTO "night_difference" VALUES(37,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',3,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','figure','file','reports.rpt_programme_progress','fiscal_year_be=2558, measure=economic_expansion','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','financial_outcomes/wrong.csv',1,NULL,NULL,0,0,1,NULL,NULL,'-9000.00',NULL);
INSERT INTO "night_difference" VALUES(38,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',4,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','figure','file','reports.rpt_programme_progress','fiscal_year_be=2558, measure=economic_expansion','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','financial_outcomes/a.csv',1,NULL,NULL,1,1,0,NULL,NULL,'250.00',NULL);
INSERT INTO "night_difference" VALUES(39,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',5,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','rows','total','marts.dim_night',NULL,NULL,NULL,NULL,1,2,1,1,0,NULL,NULL,NULL,NULL);
INSERT INTO "night_difference" VALUES(40,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',6,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','rows','total','marts.fct_expected_report',NULL,NULL,NULL,NULL,12,12,0,3,0,NULL,NULL,NULL,NULL);
INSERT INTO "night_difference" VALUES(41,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',7,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','rows','total','marts.fct_file_matter',NULL,NULL,NULL,2,3,2,0,1,1,NULL,NULL,NULL,NULL);
INSERT INTO "night_difference" VALUES(42,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',8,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','rows','file','marts.fct_file_matter',NULL,'acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','financial_outcomes/a.csv',1,NULL,NULL,0,1,0,NULL,NULL,NULL,NULL);
INSERT INTO "night_difference" VALUES(43,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',9,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','rows','file','marts.fct_file_matter',NULL,'d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','financial_outcomes/a.csv',1,NULL,NULL,0,0,1,NULL,NULL,NULL,NULL);
INSERT INTO "night_difference" VALUES(44,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',10,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','rows','total','marts.fct_financial_outcome',NULL,NULL,NULL,2,2,2,1,1,1,NULL,NULL,NULL,NULL);
INSERT INTO "night_difference" VALUES(45,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',11,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','rows','file','marts.fct_financial_outcome',NULL,'acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','financial_outcomes/a.csv',1,NULL,NULL,1,1,0,NULL,NULL,NULL,NULL);
INSERT INTO "night_difference" VALUES(46,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',12,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','rows','file','marts.fct_financial_outcome',NULL,'ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','financial_outcomes/wrong.csv',1,NULL,NULL,0,0,1,NULL,NULL,NULL,NULL);
INSERT INTO "night_difference" VALUES(47,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',13,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','rows','total','marts.fct_matter_event',NULL,NULL,NULL,NULL,0,4,4,0,0,NULL,NULL,NULL,NULL);
INSERT INTO "night_difference" VALUES(48,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',14,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','rows','total','marts.fct_member_year',NULL,NULL,NULL,NULL,3,3,0,2,0,NULL,NULL,NULL,NULL);
INSERT INTO "night_difference" VALUES(49,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',15,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','rows','total','reports.rpt_cluster_scorecard',NULL,NULL,NULL,NULL,2,2,0,2,0,NULL,NULL,NULL,NULL);
INSERT INTO "night_difference" VALUES(50,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',16,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','rows','total','reports.rpt_follow_up',NULL,NULL,NULL,NULL,4,5,1,4,0,NULL,NULL,NULL,NULL);
INSERT INTO "night_difference" VALUES(51,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',17,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','rows','total','reports.rpt_follow_up_trend',NULL,NULL,NULL,NULL,5,10,5,0,0,NULL,NULL,NULL,NULL);
INSERT INTO "night_difference" VALUES(52,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',18,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','rows','total','reports.rpt_participation_outcomes',NULL,NULL,NULL,NULL,56,56,0,7,0,NULL,NULL,NULL,NULL);
INSERT INTO "night_difference" VALUES(53,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',19,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','rows','total','reports.rpt_programme_completeness',NULL,NULL,NULL,NULL,4,4,0,1,0,NULL,NULL,NULL,NULL);
INSERT INTO "night_difference" VALUES(54,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',20,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','rows','total','reports.rpt_programme_progress',NULL,NULL,NULL,NULL,2,2,0,1,0,NULL,NULL,NULL,NULL);
INSERT INTO "night_difference" VALUES(55,'2015-02-21 18:32:18.752066','9e84239d-91e7-4bdd-9b40-fde4ab05b0e7',21,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','rows','total','reports.rpt_reporting_completeness',NULL,NULL,NULL,NULL,8,8,0,2,0,NULL,NULL,NULL,NULL);
CREATE TABLE quarter_event (
	event_id INTEGER NOT NULL, 
	event_kind VARCHAR(20) NOT NULL, 
	fiscal_year_be INTEGER NOT NULL, 
	fiscal_quarter INTEGER NOT NULL, 
	occurred_at DATETIME NOT NULL, 
	decided_by VARCHAR(200) NOT NULL, 
	note TEXT, 
	run_id VARCHAR(64), 
	published_at DATETIME, 
	snapshot_id VARCHAR(64), 
	PRIMARY KEY (event_id)
);
INSERT INTO "quarter_event" VALUES(1,'closed',2558,1,'2015-02-22 03:00:02.864499','office',NULL,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','2015-02-21 18:32:18.752066','2558Q1-20150222T030002864499Z');
CREATE TABLE rule_result (
	result_id INTEGER NOT NULL, 
	dataset VARCHAR(100) NOT NULL, 
	file_id VARCHAR(64) NOT NULL, 
	contract_version VARCHAR(40) NOT NULL, 
	rule VARCHAR(120) NOT NULL, 
	rows_evaluated INTEGER NOT NULL, 
	unexpected_count INTEGER NOT NULL, 
	PRIMARY KEY (result_id)
);
INSERT INTO "rule_result" VALUES(1,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','activity_id__missing_required',1,0);
INSERT INTO "rule_result" VALUES(2,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','cluster_code__missing_required',1,0);
INSERT INTO "rule_result" VALUES(3,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','activity_type__missing_required',1,0);
INSERT INTO "rule_result" VALUES(4,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','activity_type__bad_code',1,0);
INSERT INTO "rule_result" VALUES(5,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','start_date__missing_required',1,0);
INSERT INTO "rule_result" VALUES(6,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','start_date__bad_date',1,0);
INSERT INTO "rule_result" VALUES(7,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','end_date__bad_date',1,0);
INSERT INTO "rule_result" VALUES(8,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','province__bad_province',1,0);
INSERT INTO "rule_result" VALUES(9,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','participant_ids__bad_id',1,0);
INSERT INTO "rule_result" VALUES(10,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','participants_people__bad_number',1,0);
INSERT INTO "rule_result" VALUES(11,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','participants_people__out_of_range',1,0);
INSERT INTO "rule_result" VALUES(12,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','partner_type__bad_code',1,0);
INSERT INTO "rule_result" VALUES(13,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','budget_baht__bad_number',1,0);
INSERT INTO "rule_result" VALUES(14,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','budget_baht__out_of_range',1,0);
INSERT INTO "rule_result" VALUES(15,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','spent_baht__bad_number',1,0);
INSERT INTO "rule_result" VALUES(16,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','spent_baht__out_of_range',1,0);
INSERT INTO "rule_result" VALUES(17,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','submitted_on__missing_required',1,0);
INSERT INTO "rule_result" VALUES(18,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','submitted_on__bad_date',1,0);
INSERT INTO "rule_result" VALUES(19,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','end_not_before_start__end_before_start',1,0);
INSERT INTO "rule_result" VALUES(20,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','row__unreadable',1,0);
INSERT INTO "rule_result" VALUES(21,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-887ffaef','key__duplicate_in_file',1,0);
INSERT INTO "rule_result" VALUES(22,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-9034a4cc','cluster_code__missing_required',2,0);
INSERT INTO "rule_result" VALUES(23,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-9034a4cc','cluster_code__bad_code',2,0);
INSERT INTO "rule_result" VALUES(24,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-9034a4cc','cluster_name_th__missing_required',2,0);
INSERT INTO "rule_result" VALUES(25,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-9034a4cc','branch__missing_required',2,0);
INSERT INTO "rule_result" VALUES(26,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-9034a4cc','branch__bad_code',2,0);
INSERT INTO "rule_result" VALUES(27,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-9034a4cc','provinces__bad_province',2,0);
INSERT INTO "rule_result" VALUES(28,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-9034a4cc','registered_on__missing_required',2,0);
INSERT INTO "rule_result" VALUES(29,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-9034a4cc','registered_on__bad_date',2,0);
INSERT INTO "rule_result" VALUES(30,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-9034a4cc','submitted_on__missing_required',2,0);
INSERT INTO "rule_result" VALUES(31,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-9034a4cc','submitted_on__bad_date',2,0);
INSERT INTO "rule_result" VALUES(32,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-9034a4cc','status__bad_code',2,0);
INSERT INTO "rule_result" VALUES(33,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-9034a4cc','row__unreadable',2,0);
INSERT INTO "rule_result" VALUES(34,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-9034a4cc','key__duplicate_in_file',2,0);
INSERT INTO "rule_result" VALUES(35,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-2171192d','cluster_code__missing_required',3,0);
INSERT INTO "rule_result" VALUES(36,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-2171192d','juristic_id__missing_required',3,0);
INSERT INTO "rule_result" VALUES(37,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-2171192d','juristic_id__bad_id',3,0);
INSERT INTO "rule_result" VALUES(38,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-2171192d','fiscal_year__missing_required',3,0);
INSERT INTO "rule_result" VALUES(39,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-2171192d','fiscal_year__bad_number',3,0);
INSERT INTO "rule_result" VALUES(40,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-2171192d','fiscal_year__out_of_range',3,0);
INSERT INTO "rule_result" VALUES(41,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-2171192d','quarter__missing_required',3,0);
INSERT INTO "rule_result" VALUES(42,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-2171192d','quarter__bad_number',3,0);
INSERT INTO "rule_result" VALUES(43,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-2171192d','quarter__out_of_range',3,0);
INSERT INTO "rule_result" VALUES(44,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-2171192d','measure__missing_required',3,0);
INSERT INTO "rule_result" VALUES(45,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-2171192d','measure__bad_code',3,0);
INSERT INTO "rule_result" VALUES(46,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-2171192d','amount__missing_required',3,0);
INSERT INTO "rule_result" VALUES(47,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-2171192d','amount__bad_number',3,1);
INSERT INTO "rule_result" VALUES(48,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-2171192d','submitted_on__missing_required',3,0);
INSERT INTO "rule_result" VALUES(49,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-2171192d','submitted_on__bad_date',3,0);
INSERT INTO "rule_result" VALUES(50,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-2171192d','jobs_are_whole_numbers__bad_number',3,0);
INSERT INTO "rule_result" VALUES(51,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-2171192d','row__unreadable',3,0);
INSERT INTO "rule_result" VALUES(52,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-2171192d','key__duplicate_in_file',3,0);
INSERT INTO "rule_result" VALUES(53,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','cluster_code__missing_required',1,0);
INSERT INTO "rule_result" VALUES(54,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','juristic_id__missing_required',1,0);
INSERT INTO "rule_result" VALUES(55,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','juristic_id__bad_id',1,0);
INSERT INTO "rule_result" VALUES(56,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','fiscal_year__missing_required',1,0);
INSERT INTO "rule_result" VALUES(57,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','fiscal_year__bad_number',1,0);
INSERT INTO "rule_result" VALUES(58,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','fiscal_year__out_of_range',1,0);
INSERT INTO "rule_result" VALUES(59,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','quarter__missing_required',1,0);
INSERT INTO "rule_result" VALUES(60,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','quarter__bad_number',1,0);
INSERT INTO "rule_result" VALUES(61,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','quarter__out_of_range',1,0);
INSERT INTO "rule_result" VALUES(62,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','measure__missing_required',1,0);
INSERT INTO "rule_result" VALUES(63,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','measure__bad_code',1,0);
INSERT INTO "rule_result" VALUES(64,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','amount__missing_required',1,0);
INSERT INTO "rule_result" VALUES(65,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','amount__bad_number',1,0);
INSERT INTO "rule_result" VALUES(66,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','submitted_on__missing_required',1,0);
INSERT INTO "rule_result" VALUES(67,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','submitted_on__bad_date',1,0);
INSERT INTO "rule_result" VALUES(68,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','jobs_are_whole_numbers__bad_number',1,0);
INSERT INTO "rule_result" VALUES(69,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','row__unreadable',1,0);
INSERT INTO "rule_result" VALUES(70,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-2171192d','key__duplicate_in_file',1,0);
INSERT INTO "rule_result" VALUES(71,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','cluster_code__missing_required',3,0);
INSERT INTO "rule_result" VALUES(72,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','juristic_id__missing_required',3,0);
INSERT INTO "rule_result" VALUES(73,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','juristic_id__bad_id',3,0);
INSERT INTO "rule_result" VALUES(74,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','enterprise_name__missing_required',3,0);
INSERT INTO "rule_result" VALUES(75,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','legal_form__bad_code',3,0);
INSERT INTO "rule_result" VALUES(76,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','province__missing_required',3,0);
INSERT INTO "rule_result" VALUES(77,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','province__bad_province',3,0);
INSERT INTO "rule_result" VALUES(78,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','business_type__bad_code',3,0);
INSERT INTO "rule_result" VALUES(79,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','tsic_code__bad_code',3,0);
INSERT INTO "rule_result" VALUES(80,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','role__bad_code',3,0);
INSERT INTO "rule_result" VALUES(81,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','employees__bad_number',3,0);
INSERT INTO "rule_result" VALUES(82,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','employees__out_of_range',3,0);
INSERT INTO "rule_result" VALUES(83,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','annual_revenue_baht__bad_number',3,0);
INSERT INTO "rule_result" VALUES(84,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','annual_revenue_baht__out_of_range',3,0);
INSERT INTO "rule_result" VALUES(85,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','fixed_assets_baht__bad_number',3,0);
INSERT INTO "rule_result" VALUES(86,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','fixed_assets_baht__out_of_range',3,0);
INSERT INTO "rule_result" VALUES(87,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','registered_on__missing_required',3,0);
INSERT INTO "rule_result" VALUES(88,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','registered_on__bad_date',3,0);
INSERT INTO "rule_result" VALUES(89,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','submitted_on__missing_required',3,0);
INSERT INTO "rule_result" VALUES(90,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','submitted_on__bad_date',3,0);
INSERT INTO "rule_result" VALUES(91,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','status__bad_code',3,0);
INSERT INTO "rule_result" VALUES(92,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','row__unreadable',3,0);
INSERT INTO "rule_result" VALUES(93,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-e727e331','key__duplicate_in_file',3,0);
INSERT INTO "rule_result" VALUES(94,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-2171192d','cluster_code__missing_required',3,0);
INSERT INTO "rule_result" VALUES(95,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-2171192d','juristic_id__missing_required',3,0);
INSERT INTO "rule_result" VALUES(96,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-2171192d','juristic_id__bad_id',3,0);
INSERT INTO "rule_result" VALUES(97,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-2171192d','fiscal_year__missing_required',3,0);
INSERT INTO "rule_result" VALUES(98,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-2171192d','fiscal_year__bad_number',3,0);
INSERT INTO "rule_result" VALUES(99,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-2171192d','fiscal_year__out_of_range',3,0);
INSERT INTO "rule_result" VALUES(100,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-2171192d','quarter__missing_required',3,0);
INSERT INTO "rule_result" VALUES(101,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-2171192d','quarter__bad_number',3,0);
INSERT INTO "rule_result" VALUES(102,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-2171192d','quarter__out_of_range',3,0);
INSERT INTO "rule_result" VALUES(103,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-2171192d','measure__missing_required',3,0);
INSERT INTO "rule_result" VALUES(104,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-2171192d','measure__bad_code',3,0);
INSERT INTO "rule_result" VALUES(105,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-2171192d','amount__missing_required',3,0);
INSERT INTO "rule_result" VALUES(106,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-2171192d','amount__bad_number',3,0);
INSERT INTO "rule_result" VALUES(107,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-2171192d','submitted_on__missing_required',3,0);
INSERT INTO "rule_result" VALUES(108,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-2171192d','submitted_on__bad_date',3,0);
INSERT INTO "rule_result" VALUES(109,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-2171192d','jobs_are_whole_numbers__bad_number',3,0);
INSERT INTO "rule_result" VALUES(110,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-2171192d','row__unreadable',3,0);
INSERT INTO "rule_result" VALUES(111,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-2171192d','key__duplicate_in_file',3,0);
CREATE TABLE run_event (
	event_id INTEGER NOT NULL, 
	run_id VARCHAR(64) NOT NULL, 
	event_kind VARCHAR(20) NOT NULL, 
	occurred_at DATETIME NOT NULL, 
	git_sha VARCHAR(64), 
	reason TEXT, 
	files_loaded INTEGER, 
	rows_loaded INTEGER, 
	details JSON NOT NULL, 
	PRIMARY KEY (event_id)
);
INSERT INTO "run_event" VALUES(1,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','started','2015-02-20 18:31:04.682092','unknown',NULL,NULL,NULL,'{}');
INSERT INTO "run_event" VALUES(2,'db1da81b-aee2-4ea2-be34-9e7eabc6f508','published','2015-02-20 18:32:53.894679','unknown',NULL,5,8,'{"figures": [{"fiscal_year_be": 2558, "measure": "cost_reduction", "target_baht": 65000000.0, "actual_baht": 0.0, "progress_ratio": 0.0, "clusters_reporting": 0, "members_reported": 0, "members_expected": 3, "completeness_ratio": 0.0}, {"fiscal_year_be": 2558, "measure": "economic_expansion", "target_baht": 530000000.0, "actual_baht": 9100.0, "progress_ratio": 1.7169811320754717e-05, "clusters_reporting": 2, "members_reported": 2, "members_expected": 3, "completeness_ratio": 0.6666666666666666}]}');
INSERT INTO "run_event" VALUES(3,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','started','2015-02-21 18:30:37.580035','unknown',NULL,NULL,NULL,'{}');
INSERT INTO "run_event" VALUES(4,'9e84239d-91e7-4bdd-9b40-fde4ab05b0e7','published','2015-02-21 18:32:18.752066','unknown',NULL,4,8,'{"figures": [{"fiscal_year_be": 2558, "measure": "cost_reduction", "target_baht": 65000000.0, "actual_baht": 0.0, "progress_ratio": 0.0, "clusters_reporting": 0, "members_reported": 0, "members_expected": 3, "completeness_ratio": 0.0}, {"fiscal_year_be": 2558, "measure": "economic_expansion", "target_baht": 530000000.0, "actual_baht": 350.0, "progress_ratio": 6.60377358490566e-07, "clusters_reporting": 1, "members_reported": 2, "members_expected": 3, "completeness_ratio": 0.6666666666666666}]}');
CREATE TABLE schema_version (
	version INTEGER NOT NULL
);
INSERT INTO "schema_version" VALUES(1);
CREATE INDEX file_event_by_file ON file_event (dataset, file_id);
CREATE INDEX file_event_by_path ON file_event (dataset, path);
CREATE INDEX rule_result_by_file ON rule_result (dataset, file_id);
CREATE INDEX check_result_by_run ON check_result (run_id, tool);
CREATE INDEX check_result_by_check ON check_result (tool, dataset_or_model, check_name, passed, result_id);
COMMIT;
