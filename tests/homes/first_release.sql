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
INSERT INTO "check_result" VALUES(1,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.064325','great_expectations','activity_reports','judges_agree','error',1,'0 of 21 rules counted apart',0);
INSERT INTO "check_result" VALUES(2,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.072968','great_expectations','activity_reports','activity_id__missing_required','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(3,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.093555','great_expectations','activity_reports','cluster_code__missing_required','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(4,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.112581','great_expectations','activity_reports','activity_type__missing_required','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(5,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.128061','great_expectations','activity_reports','activity_type__bad_code','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(6,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.140055','great_expectations','activity_reports','start_date__missing_required','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(7,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.152859','great_expectations','activity_reports','start_date__bad_date','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(8,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.168027','great_expectations','activity_reports','end_date__bad_date','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(9,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.181868','great_expectations','activity_reports','province__bad_province','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(10,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.200551','great_expectations','activity_reports','participant_ids__bad_id','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(11,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.217561','great_expectations','activity_reports','participants_people__bad_number','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(12,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.234904','great_expectations','activity_reports','participants_people__out_of_range','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(13,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.251985','great_expectations','activity_reports','partner_type__bad_code','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(14,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.271985','great_expectations','activity_reports','budget_baht__bad_number','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(15,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.290516','great_expectations','activity_reports','budget_baht__out_of_range','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(16,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.310049','great_expectations','activity_reports','spent_baht__bad_number','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(17,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.328343','great_expectations','activity_reports','spent_baht__out_of_range','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(18,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.346408','great_expectations','activity_reports','submitted_on__missing_required','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(19,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.365650','great_expectations','activity_reports','submitted_on__bad_date','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(20,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.385451','great_expectations','activity_reports','end_not_before_start__end_before_start','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(21,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.404986','great_expectations','activity_reports','row__unreadable','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(22,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.421473','great_expectations','activity_reports','key__duplicate_in_file','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(23,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.897364','great_expectations','cluster_registrations','judges_agree','error',1,'0 of 13 rules counted apart',0);
INSERT INTO "check_result" VALUES(24,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.900431','great_expectations','cluster_registrations','cluster_code__missing_required','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(25,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.914292','great_expectations','cluster_registrations','cluster_code__bad_code','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(26,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.928893','great_expectations','cluster_registrations','cluster_name_th__missing_required','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(27,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.952090','great_expectations','cluster_registrations','branch__missing_required','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(28,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.971032','great_expectations','cluster_registrations','branch__bad_code','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(29,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:15.991496','great_expectations','cluster_registrations','provinces__bad_province','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(30,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.010778','great_expectations','cluster_registrations','registered_on__missing_required','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(31,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.029741','great_expectations','cluster_registrations','registered_on__bad_date','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(32,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.049465','great_expectations','cluster_registrations','submitted_on__missing_required','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(33,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.066927','great_expectations','cluster_registrations','submitted_on__bad_date','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(34,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.084388','great_expectations','cluster_registrations','status__bad_code','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(35,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.106007','great_expectations','cluster_registrations','row__unreadable','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(36,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.128349','great_expectations','cluster_registrations','key__duplicate_in_file','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(37,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.651687','great_expectations','financial_outcomes','judges_agree','error',1,'0 of 18 rules counted apart',0);
INSERT INTO "check_result" VALUES(38,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.654401','great_expectations','financial_outcomes','cluster_code__missing_required','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(39,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.669456','great_expectations','financial_outcomes','juristic_id__missing_required','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(40,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.685937','great_expectations','financial_outcomes','juristic_id__bad_id','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(41,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.699965','great_expectations','financial_outcomes','fiscal_year__missing_required','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(42,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.714269','great_expectations','financial_outcomes','fiscal_year__bad_number','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(43,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.734036','great_expectations','financial_outcomes','fiscal_year__out_of_range','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(44,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.749750','great_expectations','financial_outcomes','quarter__missing_required','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(45,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.763681','great_expectations','financial_outcomes','quarter__bad_number','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(46,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.778451','great_expectations','financial_outcomes','quarter__out_of_range','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(47,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.791425','great_expectations','financial_outcomes','measure__missing_required','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(48,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.810361','great_expectations','financial_outcomes','measure__bad_code','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(49,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.830965','great_expectations','financial_outcomes','amount__missing_required','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(50,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.848967','great_expectations','financial_outcomes','amount__bad_number','warn',0,'1 of 4 rows in 1 files',1);
INSERT INTO "check_result" VALUES(51,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.867995','great_expectations','financial_outcomes','submitted_on__missing_required','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(52,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.887064','great_expectations','financial_outcomes','submitted_on__bad_date','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(53,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.907073','great_expectations','financial_outcomes','jobs_are_whole_numbers__bad_number','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(54,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.933229','great_expectations','financial_outcomes','row__unreadable','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(55,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:16.949636','great_expectations','financial_outcomes','key__duplicate_in_file','warn',1,'0 of 4 rows in 0 files',0);
INSERT INTO "check_result" VALUES(56,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:17.691471','great_expectations','member_registrations','judges_agree','error',1,'0 of 23 rules counted apart',0);
INSERT INTO "check_result" VALUES(57,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:17.693870','great_expectations','member_registrations','cluster_code__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(58,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:17.709037','great_expectations','member_registrations','juristic_id__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(59,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:17.725283','great_expectations','member_registrations','juristic_id__bad_id','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(60,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:17.742414','great_expectations','member_registrations','enterprise_name__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(61,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:17.768460','great_expectations','member_registrations','legal_form__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(62,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:17.790328','great_expectations','member_registrations','province__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(63,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:17.817637','great_expectations','member_registrations','province__bad_province','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(64,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:17.835792','great_expectations','member_registrations','business_type__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(65,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:17.850383','great_expectations','member_registrations','tsic_code__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(66,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:17.868819','great_expectations','member_registrations','role__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(67,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:17.885643','great_expectations','member_registrations','employees__bad_number','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(68,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:17.904358','great_expectations','member_registrations','employees__out_of_range','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(69,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:17.920988','great_expectations','member_registrations','annual_revenue_baht__bad_number','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(70,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:17.937697','great_expectations','member_registrations','annual_revenue_baht__out_of_range','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(71,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:17.961109','great_expectations','member_registrations','fixed_assets_baht__bad_number','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(72,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:17.980094','great_expectations','member_registrations','fixed_assets_baht__out_of_range','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(73,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:18.006929','great_expectations','member_registrations','registered_on__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(74,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:18.024979','great_expectations','member_registrations','registered_on__bad_date','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(75,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:18.051948','great_expectations','member_registrations','submitted_on__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(76,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:18.068518','great_expectations','member_registrations','submitted_on__bad_date','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(77,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:18.086057','great_expectations','member_registrations','status__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(78,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:18.103557','great_expectations','member_registrations','row__unreadable','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(79,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:18.120143','great_expectations','member_registrations','key__duplicate_in_file','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(80,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704695','dbt','dim_date','primary_key_dim_date_date_day','error',1,'pass',0);
INSERT INTO "check_result" VALUES(81,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704721','dbt','published_run','primary_key_published_run_run_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(82,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704727','dbt','dim_province','primary_key_dim_province_province_code','error',1,'pass',0);
INSERT INTO "check_result" VALUES(83,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704732','dbt','dim_cluster','primary_key_dim_cluster_cluster_code','error',1,'pass',0);
INSERT INTO "check_result" VALUES(84,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704738','dbt','fct_activity','primary_key_fct_activity_activity_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(85,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704742','dbt','fct_activity','refers_to_fct_activity_cluster_code__ref_dim_cluster_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(86,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704746','dbt','bridge_cluster_province','assert_province_weights_of_a_cluster_sum_to_one','error',1,'pass',0);
INSERT INTO "check_result" VALUES(87,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704751','dbt','bridge_cluster_province','primary_key_bridge_cluster_province_cluster_code__province_code__province_code','error',1,'pass',0);
INSERT INTO "check_result" VALUES(88,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704757','dbt','bridge_cluster_province','refers_to_bridge_cluster_province_province_code__ref_dim_province_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(89,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704761','dbt','fct_membership','assert_a_membership_has_one_current_version','error',1,'pass',0);
INSERT INTO "check_result" VALUES(90,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704765','dbt','fct_membership','refers_to_fct_membership_cluster_code__ref_dim_cluster_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(91,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704769','dbt','fct_membership','primary_key_fct_membership_cluster_code__enterprise_key__version_number','error',1,'pass',0);
INSERT INTO "check_result" VALUES(92,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704774','dbt','fct_activity_participation','primary_key_fct_activity_participation_activity_id__enterprise_key','error',1,'pass',0);
INSERT INTO "check_result" VALUES(93,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704778','dbt','fct_financial_outcome','primary_key_fct_financial_outcome_cluster_code__enterprise_key__fiscal_year_be__fiscal_quarter__measure','error',1,'pass',0);
INSERT INTO "check_result" VALUES(94,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704781','dbt','dim_enterprise','primary_key_dim_enterprise_enterprise_key','error',1,'pass',0);
INSERT INTO "check_result" VALUES(95,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704786','dbt','fct_activity_participation','refers_to_fct_activity_participation_enterprise_key__ref_dim_enterprise_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(96,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704789','dbt','dim_enterprise','assert_no_natural_person_is_named','error',1,'pass',0);
INSERT INTO "check_result" VALUES(97,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704793','dbt','fct_financial_outcome','refers_to_fct_financial_outcome_enterprise_key__ref_dim_enterprise_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(98,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704797','dbt','quarantined_row','primary_key_quarantined_row_receipt_id__row_sequence__problem_number','error',1,'pass',0);
INSERT INTO "check_result" VALUES(99,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704801','dbt','quarantined_row','assert_every_quarantined_row_says_why','error',1,'pass',0);
INSERT INTO "check_result" VALUES(100,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704805','dbt','load_file','assert_marts_hold_exactly_the_current_rows_of_each_file','error',1,'pass',0);
INSERT INTO "check_result" VALUES(101,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704809','dbt','rpt_programme_progress','primary_key_rpt_programme_progress_fiscal_year_be__measure','error',1,'pass',0);
INSERT INTO "check_result" VALUES(102,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704813','dbt','load_file','primary_key_load_file_receipt_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(103,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704817','dbt','rpt_programme_progress','assert_scorecards_add_up_to_programme_progress','error',1,'pass',0);
INSERT INTO "check_result" VALUES(104,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704821','dbt','rpt_cluster_scorecard','primary_key_rpt_cluster_scorecard_cluster_code__fiscal_year_be','error',1,'pass',0);
INSERT INTO "check_result" VALUES(105,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','2015-02-20 18:30:24.704825','dbt','rpt_reporting_completeness','primary_key_rpt_reporting_completeness_cluster_code__fiscal_year_be__fiscal_quarter','error',1,'pass',0);
INSERT INTO "check_result" VALUES(106,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.284695','great_expectations','activity_reports','judges_agree','error',1,'0 of 21 rules counted apart',0);
INSERT INTO "check_result" VALUES(107,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.290588','great_expectations','activity_reports','activity_id__missing_required','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(108,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.305067','great_expectations','activity_reports','cluster_code__missing_required','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(109,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.321261','great_expectations','activity_reports','activity_type__missing_required','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(110,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.335444','great_expectations','activity_reports','activity_type__bad_code','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(111,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.348788','great_expectations','activity_reports','start_date__missing_required','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(112,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.362876','great_expectations','activity_reports','start_date__bad_date','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(113,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.399996','great_expectations','activity_reports','end_date__bad_date','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(114,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.419292','great_expectations','activity_reports','province__bad_province','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(115,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.432018','great_expectations','activity_reports','participant_ids__bad_id','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(116,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.444841','great_expectations','activity_reports','participants_people__bad_number','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(117,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.456009','great_expectations','activity_reports','participants_people__out_of_range','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(118,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.469158','great_expectations','activity_reports','partner_type__bad_code','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(119,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.481714','great_expectations','activity_reports','budget_baht__bad_number','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(120,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.494002','great_expectations','activity_reports','budget_baht__out_of_range','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(121,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.511824','great_expectations','activity_reports','spent_baht__bad_number','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(122,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.529458','great_expectations','activity_reports','spent_baht__out_of_range','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(123,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.543198','great_expectations','activity_reports','submitted_on__missing_required','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(124,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.561066','great_expectations','activity_reports','submitted_on__bad_date','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(125,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.575731','great_expectations','activity_reports','end_not_before_start__end_before_start','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(126,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.604373','great_expectations','activity_reports','row__unreadable','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(127,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.618372','great_expectations','activity_reports','key__duplicate_in_file','warn',1,'0 of 1 rows in 0 files',0);
INSERT INTO "check_result" VALUES(128,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.728643','great_expectations','cluster_registrations','judges_agree','error',1,'0 of 13 rules counted apart',0);
INSERT INTO "check_result" VALUES(129,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.734159','great_expectations','cluster_registrations','cluster_code__missing_required','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(130,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.753288','great_expectations','cluster_registrations','cluster_code__bad_code','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(131,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.766409','great_expectations','cluster_registrations','cluster_name_th__missing_required','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(132,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.784282','great_expectations','cluster_registrations','branch__missing_required','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(133,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.807413','great_expectations','cluster_registrations','branch__bad_code','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(134,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.829282','great_expectations','cluster_registrations','provinces__bad_province','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(135,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.843389','great_expectations','cluster_registrations','registered_on__missing_required','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(136,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.856909','great_expectations','cluster_registrations','registered_on__bad_date','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(137,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.873382','great_expectations','cluster_registrations','submitted_on__missing_required','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(138,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.900819','great_expectations','cluster_registrations','submitted_on__bad_date','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(139,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.944863','great_expectations','cluster_registrations','status__bad_code','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(140,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.960477','great_expectations','cluster_registrations','row__unreadable','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(141,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:06.976898','great_expectations','cluster_registrations','key__duplicate_in_file','warn',1,'0 of 2 rows in 0 files',0);
INSERT INTO "check_result" VALUES(142,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.480927','great_expectations','financial_outcomes','judges_agree','error',1,'0 of 18 rules counted apart',0);
INSERT INTO "check_result" VALUES(143,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.484722','great_expectations','financial_outcomes','cluster_code__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(144,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.504405','great_expectations','financial_outcomes','juristic_id__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(145,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.528584','great_expectations','financial_outcomes','juristic_id__bad_id','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(146,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.543808','great_expectations','financial_outcomes','fiscal_year__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(147,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.563212','great_expectations','financial_outcomes','fiscal_year__bad_number','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(148,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.586625','great_expectations','financial_outcomes','fiscal_year__out_of_range','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(149,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.604098','great_expectations','financial_outcomes','quarter__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(150,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.620298','great_expectations','financial_outcomes','quarter__bad_number','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(151,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.636834','great_expectations','financial_outcomes','quarter__out_of_range','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(152,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.650527','great_expectations','financial_outcomes','measure__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(153,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.664411','great_expectations','financial_outcomes','measure__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(154,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.676602','great_expectations','financial_outcomes','amount__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(155,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.687062','great_expectations','financial_outcomes','amount__bad_number','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(156,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.698388','great_expectations','financial_outcomes','submitted_on__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(157,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.709073','great_expectations','financial_outcomes','submitted_on__bad_date','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(158,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.720042','great_expectations','financial_outcomes','jobs_are_whole_numbers__bad_number','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(159,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.731309','great_expectations','financial_outcomes','row__unreadable','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(160,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.743541','great_expectations','financial_outcomes','key__duplicate_in_file','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(161,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.810022','great_expectations','member_registrations','judges_agree','error',1,'0 of 23 rules counted apart',0);
INSERT INTO "check_result" VALUES(162,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.812626','great_expectations','member_registrations','cluster_code__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(163,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.823537','great_expectations','member_registrations','juristic_id__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(164,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.835892','great_expectations','member_registrations','juristic_id__bad_id','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(165,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.850022','great_expectations','member_registrations','enterprise_name__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(166,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.867154','great_expectations','member_registrations','legal_form__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(167,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.879023','great_expectations','member_registrations','province__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(168,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.893645','great_expectations','member_registrations','province__bad_province','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(169,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.906670','great_expectations','member_registrations','business_type__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(170,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.921075','great_expectations','member_registrations','tsic_code__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(171,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.932850','great_expectations','member_registrations','role__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(172,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.945611','great_expectations','member_registrations','employees__bad_number','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(173,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.962941','great_expectations','member_registrations','employees__out_of_range','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(174,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:10.982533','great_expectations','member_registrations','annual_revenue_baht__bad_number','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(175,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:11.008207','great_expectations','member_registrations','annual_revenue_baht__out_of_range','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(176,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:11.024735','great_expectations','member_registrations','fixed_assets_baht__bad_number','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(177,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:11.042175','great_expectations','member_registrations','fixed_assets_baht__out_of_range','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(178,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:11.066461','great_expectations','member_registrations','registered_on__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(179,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:11.080778','great_expectations','member_registrations','registered_on__bad_date','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(180,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:11.097883','great_expectations','member_registrations','submitted_on__missing_required','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(181,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:11.110763','great_expectations','member_registrations','submitted_on__bad_date','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(182,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:11.124328','great_expectations','member_registrations','status__bad_code','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(183,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:11.146136','great_expectations','member_registrations','row__unreadable','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(184,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:11.163383','great_expectations','member_registrations','key__duplicate_in_file','warn',1,'0 of 3 rows in 0 files',0);
INSERT INTO "check_result" VALUES(185,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984706','dbt','dim_date','primary_key_dim_date_date_day','error',1,'pass',0);
INSERT INTO "check_result" VALUES(186,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984726','dbt','published_run','primary_key_published_run_run_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(187,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984730','dbt','dim_province','primary_key_dim_province_province_code','error',1,'pass',0);
INSERT INTO "check_result" VALUES(188,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984734','dbt','dim_cluster','primary_key_dim_cluster_cluster_code','error',1,'pass',0);
INSERT INTO "check_result" VALUES(189,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984738','dbt','fct_activity','refers_to_fct_activity_cluster_code__ref_dim_cluster_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(190,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984740','dbt','fct_activity','primary_key_fct_activity_activity_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(191,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984743','dbt','bridge_cluster_province','assert_province_weights_of_a_cluster_sum_to_one','error',1,'pass',0);
INSERT INTO "check_result" VALUES(192,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984746','dbt','bridge_cluster_province','primary_key_bridge_cluster_province_cluster_code__province_code__province_code','error',1,'pass',0);
INSERT INTO "check_result" VALUES(193,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984750','dbt','bridge_cluster_province','refers_to_bridge_cluster_province_province_code__ref_dim_province_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(194,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984753','dbt','fct_membership','assert_a_membership_has_one_current_version','error',1,'pass',0);
INSERT INTO "check_result" VALUES(195,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984755','dbt','fct_membership','primary_key_fct_membership_cluster_code__enterprise_key__version_number','error',1,'pass',0);
INSERT INTO "check_result" VALUES(196,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984758','dbt','fct_membership','refers_to_fct_membership_cluster_code__ref_dim_cluster_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(197,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984761','dbt','fct_activity_participation','primary_key_fct_activity_participation_activity_id__enterprise_key','error',1,'pass',0);
INSERT INTO "check_result" VALUES(198,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984763','dbt','dim_enterprise','primary_key_dim_enterprise_enterprise_key','error',1,'pass',0);
INSERT INTO "check_result" VALUES(199,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984766','dbt','fct_activity_participation','refers_to_fct_activity_participation_enterprise_key__ref_dim_enterprise_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(200,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984768','dbt','fct_financial_outcome','primary_key_fct_financial_outcome_cluster_code__enterprise_key__fiscal_year_be__fiscal_quarter__measure','error',1,'pass',0);
INSERT INTO "check_result" VALUES(201,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984771','dbt','fct_financial_outcome','refers_to_fct_financial_outcome_enterprise_key__ref_dim_enterprise_','error',1,'pass',0);
INSERT INTO "check_result" VALUES(202,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984774','dbt','dim_enterprise','assert_no_natural_person_is_named','error',1,'pass',0);
INSERT INTO "check_result" VALUES(203,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984776','dbt','quarantined_row','primary_key_quarantined_row_receipt_id__row_sequence__problem_number','error',1,'pass',0);
INSERT INTO "check_result" VALUES(204,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984778','dbt','quarantined_row','assert_every_quarantined_row_says_why','error',1,'pass',0);
INSERT INTO "check_result" VALUES(205,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984780','dbt','load_file','assert_marts_hold_exactly_the_current_rows_of_each_file','error',1,'pass',0);
INSERT INTO "check_result" VALUES(206,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984783','dbt','rpt_programme_progress','assert_scorecards_add_up_to_programme_progress','error',1,'pass',0);
INSERT INTO "check_result" VALUES(207,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984785','dbt','load_file','primary_key_load_file_receipt_id','error',1,'pass',0);
INSERT INTO "check_result" VALUES(208,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984787','dbt','rpt_cluster_scorecard','primary_key_rpt_cluster_scorecard_cluster_code__fiscal_year_be','error',1,'pass',0);
INSERT INTO "check_result" VALUES(209,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984790','dbt','rpt_programme_progress','primary_key_rpt_programme_progress_fiscal_year_be__measure','error',1,'pass',0);
INSERT INTO "check_result" VALUES(210,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','2015-02-21 18:30:17.984792','dbt','rpt_reporting_completeness','primary_key_rpt_reporting_completeness_cluster_code__fiscal_year_be__fiscal_quarter','error',1,'pass',0);
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
INSERT INTO "file_event" VALUES(1,'loaded','activity_reports','activity_reports/activities.csv','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','2015-02-20 18:30:14.996227','d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9',NULL,NULL,1,1,0,'190000.00','{"format": "comma-separated text, utf-8"}');
INSERT INTO "file_event" VALUES(2,'loaded','cluster_registrations','cluster_registrations/clusters.csv','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-606a0d41','2015-02-20 18:30:15.827378','d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9',NULL,NULL,2,2,0,'0','{"format": "comma-separated text, utf-8"}');
INSERT INTO "file_event" VALUES(3,'loaded','financial_outcomes','financial_outcomes/a.csv','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-e4df65a1','2015-02-20 18:30:16.587929','d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9',NULL,NULL,3,2,1,'4100.00','{"format": "comma-separated text, utf-8"}');
INSERT INTO "file_event" VALUES(4,'loaded','financial_outcomes','financial_outcomes/wrong.csv','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','2015-02-20 18:30:16.593777','d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9',NULL,NULL,1,1,0,'9000.00','{"format": "comma-separated text, utf-8"}');
INSERT INTO "file_event" VALUES(5,'rejected','financial_outcomes','financial_outcomes/refused.csv','eacfc544fa2eb45c119cece76777d3b7087ba7ac82b26080c941bd65350f806a','1.0.0-e4df65a1','2015-02-20 18:30:16.596172','d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','missing_column','No row names a column of financial_outcomes (ผลลัพธ์ทางการเงิน). The header must name at least: cluster_code (รหัสคลัสเตอร์), juristic_id (เลขทะเบียนนิติบุคคล), fiscal_year (ปีงบประมาณ), quarter (ไตรมาส), measure (ตัวชี้วัด), amount (จำนวน), submitted_on (วันที่ส่งข้อมูล).',0,0,0,'0','{}');
INSERT INTO "file_event" VALUES(6,'loaded','member_registrations','member_registrations/members.csv','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','2015-02-20 18:30:17.566914','d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9',NULL,NULL,3,3,0,'5100000.00','{"format": "comma-separated text, utf-8"}');
INSERT INTO "file_event" VALUES(7,'withdrawn','financial_outcomes','financial_outcomes/wrong.csv','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','2015-02-21 03:00:00.457189','',NULL,NULL,0,0,0,'0.00','{}');
INSERT INTO "file_event" VALUES(8,'duplicate','financial_outcomes','financial_outcomes/again.csv','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','2015-02-21 18:30:06.124540','fb1ae80e-f526-4146-ba41-dcf4e640abf2',NULL,'The same bytes came before as financial_outcomes/wrong.csv; nothing was loaded a second time.',0,0,0,'0.00','{}');
INSERT INTO "file_event" VALUES(9,'loaded','financial_outcomes','financial_outcomes/a.csv','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-e4df65a1','2015-02-21 18:30:10.404597','fb1ae80e-f526-4146-ba41-dcf4e640abf2',NULL,NULL,3,3,0,'4350.00','{"format": "comma-separated text, utf-8"}');
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
INSERT INTO "rule_result" VALUES(1,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','activity_id__missing_required',1,0);
INSERT INTO "rule_result" VALUES(2,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','cluster_code__missing_required',1,0);
INSERT INTO "rule_result" VALUES(3,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','activity_type__missing_required',1,0);
INSERT INTO "rule_result" VALUES(4,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','activity_type__bad_code',1,0);
INSERT INTO "rule_result" VALUES(5,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','start_date__missing_required',1,0);
INSERT INTO "rule_result" VALUES(6,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','start_date__bad_date',1,0);
INSERT INTO "rule_result" VALUES(7,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','end_date__bad_date',1,0);
INSERT INTO "rule_result" VALUES(8,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','province__bad_province',1,0);
INSERT INTO "rule_result" VALUES(9,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','participant_ids__bad_id',1,0);
INSERT INTO "rule_result" VALUES(10,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','participants_people__bad_number',1,0);
INSERT INTO "rule_result" VALUES(11,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','participants_people__out_of_range',1,0);
INSERT INTO "rule_result" VALUES(12,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','partner_type__bad_code',1,0);
INSERT INTO "rule_result" VALUES(13,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','budget_baht__bad_number',1,0);
INSERT INTO "rule_result" VALUES(14,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','budget_baht__out_of_range',1,0);
INSERT INTO "rule_result" VALUES(15,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','spent_baht__bad_number',1,0);
INSERT INTO "rule_result" VALUES(16,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','spent_baht__out_of_range',1,0);
INSERT INTO "rule_result" VALUES(17,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','submitted_on__missing_required',1,0);
INSERT INTO "rule_result" VALUES(18,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','submitted_on__bad_date',1,0);
INSERT INTO "rule_result" VALUES(19,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','end_not_before_start__end_before_start',1,0);
INSERT INTO "rule_result" VALUES(20,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','row__unreadable',1,0);
INSERT INTO "rule_result" VALUES(21,'activity_reports','5f9681e4f5bf951a6b75d3c7832cec3a7c2ede8f6394e4d13a8bfe3b56c3b9ff','1.0.0-62cacbcf','key__duplicate_in_file',1,0);
INSERT INTO "rule_result" VALUES(22,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-606a0d41','cluster_code__missing_required',2,0);
INSERT INTO "rule_result" VALUES(23,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-606a0d41','cluster_code__bad_code',2,0);
INSERT INTO "rule_result" VALUES(24,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-606a0d41','cluster_name_th__missing_required',2,0);
INSERT INTO "rule_result" VALUES(25,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-606a0d41','branch__missing_required',2,0);
INSERT INTO "rule_result" VALUES(26,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-606a0d41','branch__bad_code',2,0);
INSERT INTO "rule_result" VALUES(27,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-606a0d41','provinces__bad_province',2,0);
INSERT INTO "rule_result" VALUES(28,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-606a0d41','registered_on__missing_required',2,0);
INSERT INTO "rule_result" VALUES(29,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-606a0d41','registered_on__bad_date',2,0);
INSERT INTO "rule_result" VALUES(30,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-606a0d41','submitted_on__missing_required',2,0);
INSERT INTO "rule_result" VALUES(31,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-606a0d41','submitted_on__bad_date',2,0);
INSERT INTO "rule_result" VALUES(32,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-606a0d41','status__bad_code',2,0);
INSERT INTO "rule_result" VALUES(33,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-606a0d41','row__unreadable',2,0);
INSERT INTO "rule_result" VALUES(34,'cluster_registrations','dd221059498bc553108da9cb1a1b1fea30197ca642fc716f214c235fd76305c9','1.0.0-606a0d41','key__duplicate_in_file',2,0);
INSERT INTO "rule_result" VALUES(35,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-e4df65a1','cluster_code__missing_required',3,0);
INSERT INTO "rule_result" VALUES(36,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-e4df65a1','juristic_id__missing_required',3,0);
INSERT INTO "rule_result" VALUES(37,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-e4df65a1','juristic_id__bad_id',3,0);
INSERT INTO "rule_result" VALUES(38,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-e4df65a1','fiscal_year__missing_required',3,0);
INSERT INTO "rule_result" VALUES(39,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-e4df65a1','fiscal_year__bad_number',3,0);
INSERT INTO "rule_result" VALUES(40,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-e4df65a1','fiscal_year__out_of_range',3,0);
INSERT INTO "rule_result" VALUES(41,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-e4df65a1','quarter__missing_required',3,0);
INSERT INTO "rule_result" VALUES(42,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-e4df65a1','quarter__bad_number',3,0);
INSERT INTO "rule_result" VALUES(43,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-e4df65a1','quarter__out_of_range',3,0);
INSERT INTO "rule_result" VALUES(44,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-e4df65a1','measure__missing_required',3,0);
INSERT INTO "rule_result" VALUES(45,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-e4df65a1','measure__bad_code',3,0);
INSERT INTO "rule_result" VALUES(46,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-e4df65a1','amount__missing_required',3,0);
INSERT INTO "rule_result" VALUES(47,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-e4df65a1','amount__bad_number',3,1);
INSERT INTO "rule_result" VALUES(48,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-e4df65a1','submitted_on__missing_required',3,0);
INSERT INTO "rule_result" VALUES(49,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-e4df65a1','submitted_on__bad_date',3,0);
INSERT INTO "rule_result" VALUES(50,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-e4df65a1','jobs_are_whole_numbers__bad_number',3,0);
INSERT INTO "rule_result" VALUES(51,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-e4df65a1','row__unreadable',3,0);
INSERT INTO "rule_result" VALUES(52,'financial_outcomes','d0df92ec71e1d7abf0a8683e8f9b3c6e2222316578b3ec95175468816ab9b67c','1.0.0-e4df65a1','key__duplicate_in_file',3,0);
INSERT INTO "rule_result" VALUES(53,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','cluster_code__missing_required',1,0);
INSERT INTO "rule_result" VALUES(54,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','juristic_id__missing_required',1,0);
INSERT INTO "rule_result" VALUES(55,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','juristic_id__bad_id',1,0);
INSERT INTO "rule_result" VALUES(56,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','fiscal_year__missing_required',1,0);
INSERT INTO "rule_result" VALUES(57,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','fiscal_year__bad_number',1,0);
INSERT INTO "rule_result" VALUES(58,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','fiscal_year__out_of_range',1,0);
INSERT INTO "rule_result" VALUES(59,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','quarter__missing_required',1,0);
INSERT INTO "rule_result" VALUES(60,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','quarter__bad_number',1,0);
INSERT INTO "rule_result" VALUES(61,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','quarter__out_of_range',1,0);
INSERT INTO "rule_result" VALUES(62,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','measure__missing_required',1,0);
INSERT INTO "rule_result" VALUES(63,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','measure__bad_code',1,0);
INSERT INTO "rule_result" VALUES(64,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','amount__missing_required',1,0);
INSERT INTO "rule_result" VALUES(65,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','amount__bad_number',1,0);
INSERT INTO "rule_result" VALUES(66,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','submitted_on__missing_required',1,0);
INSERT INTO "rule_result" VALUES(67,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','submitted_on__bad_date',1,0);
INSERT INTO "rule_result" VALUES(68,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','jobs_are_whole_numbers__bad_number',1,0);
INSERT INTO "rule_result" VALUES(69,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','row__unreadable',1,0);
INSERT INTO "rule_result" VALUES(70,'financial_outcomes','ccfcb79eb7343163fe81664d31454931b634fa70db8ee968071f78be11cf9320','1.0.0-e4df65a1','key__duplicate_in_file',1,0);
INSERT INTO "rule_result" VALUES(71,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','cluster_code__missing_required',3,0);
INSERT INTO "rule_result" VALUES(72,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','juristic_id__missing_required',3,0);
INSERT INTO "rule_result" VALUES(73,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','juristic_id__bad_id',3,0);
INSERT INTO "rule_result" VALUES(74,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','enterprise_name__missing_required',3,0);
INSERT INTO "rule_result" VALUES(75,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','legal_form__bad_code',3,0);
INSERT INTO "rule_result" VALUES(76,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','province__missing_required',3,0);
INSERT INTO "rule_result" VALUES(77,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','province__bad_province',3,0);
INSERT INTO "rule_result" VALUES(78,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','business_type__bad_code',3,0);
INSERT INTO "rule_result" VALUES(79,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','tsic_code__bad_code',3,0);
INSERT INTO "rule_result" VALUES(80,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','role__bad_code',3,0);
INSERT INTO "rule_result" VALUES(81,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','employees__bad_number',3,0);
INSERT INTO "rule_result" VALUES(82,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','employees__out_of_range',3,0);
INSERT INTO "rule_result" VALUES(83,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','annual_revenue_baht__bad_number',3,0);
INSERT INTO "rule_result" VALUES(84,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','annual_revenue_baht__out_of_range',3,0);
INSERT INTO "rule_result" VALUES(85,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','fixed_assets_baht__bad_number',3,0);
INSERT INTO "rule_result" VALUES(86,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','fixed_assets_baht__out_of_range',3,0);
INSERT INTO "rule_result" VALUES(87,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','registered_on__missing_required',3,0);
INSERT INTO "rule_result" VALUES(88,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','registered_on__bad_date',3,0);
INSERT INTO "rule_result" VALUES(89,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','submitted_on__missing_required',3,0);
INSERT INTO "rule_result" VALUES(90,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','submitted_on__bad_date',3,0);
INSERT INTO "rule_result" VALUES(91,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','status__bad_code',3,0);
INSERT INTO "rule_result" VALUES(92,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','row__unreadable',3,0);
INSERT INTO "rule_result" VALUES(93,'member_registrations','45b593d7404708b1ccbe27f206fd8d8620911efa3fb281fa376e3bdd44f51eca','1.0.0-4331c30b','key__duplicate_in_file',3,0);
INSERT INTO "rule_result" VALUES(94,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-e4df65a1','cluster_code__missing_required',3,0);
INSERT INTO "rule_result" VALUES(95,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-e4df65a1','juristic_id__missing_required',3,0);
INSERT INTO "rule_result" VALUES(96,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-e4df65a1','juristic_id__bad_id',3,0);
INSERT INTO "rule_result" VALUES(97,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-e4df65a1','fiscal_year__missing_required',3,0);
INSERT INTO "rule_result" VALUES(98,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-e4df65a1','fiscal_year__bad_number',3,0);
INSERT INTO "rule_result" VALUES(99,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-e4df65a1','fiscal_year__out_of_range',3,0);
INSERT INTO "rule_result" VALUES(100,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-e4df65a1','quarter__missing_required',3,0);
INSERT INTO "rule_result" VALUES(101,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-e4df65a1','quarter__bad_number',3,0);
INSERT INTO "rule_result" VALUES(102,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-e4df65a1','quarter__out_of_range',3,0);
INSERT INTO "rule_result" VALUES(103,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-e4df65a1','measure__missing_required',3,0);
INSERT INTO "rule_result" VALUES(104,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-e4df65a1','measure__bad_code',3,0);
INSERT INTO "rule_result" VALUES(105,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-e4df65a1','amount__missing_required',3,0);
INSERT INTO "rule_result" VALUES(106,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-e4df65a1','amount__bad_number',3,0);
INSERT INTO "rule_result" VALUES(107,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-e4df65a1','submitted_on__missing_required',3,0);
INSERT INTO "rule_result" VALUES(108,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-e4df65a1','submitted_on__bad_date',3,0);
INSERT INTO "rule_result" VALUES(109,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-e4df65a1','jobs_are_whole_numbers__bad_number',3,0);
INSERT INTO "rule_result" VALUES(110,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-e4df65a1','row__unreadable',3,0);
INSERT INTO "rule_result" VALUES(111,'financial_outcomes','acc0fdd8c8e58e41180777cedfc03b5473d284a6a3c51e308799f2b76ec1a480','1.0.0-e4df65a1','key__duplicate_in_file',3,0);
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
INSERT INTO "run_event" VALUES(1,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','started','2015-02-20 18:30:10.945130','unknown',NULL,NULL,NULL,'{}');
INSERT INTO "run_event" VALUES(2,'d356a2e7-e1e2-48c2-99ec-2a7d4fea37b9','published','2015-02-20 18:30:29.933191','unknown',NULL,5,8,'{"figures": [{"fiscal_year_be": 2558, "measure": "cost_reduction", "target_baht": 65000000.0, "actual_baht": 0.0, "progress_ratio": 0.0, "clusters_reporting": 0}, {"fiscal_year_be": 2558, "measure": "economic_expansion", "target_baht": 530000000.0, "actual_baht": 9100.0, "progress_ratio": 1.7169811320754717e-05, "clusters_reporting": 2}]}');
INSERT INTO "run_event" VALUES(3,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','started','2015-02-21 18:30:06.094773','unknown',NULL,NULL,NULL,'{}');
INSERT INTO "run_event" VALUES(4,'fb1ae80e-f526-4146-ba41-dcf4e640abf2','published','2015-02-21 18:30:25.098855','unknown',NULL,4,8,'{"figures": [{"fiscal_year_be": 2558, "measure": "cost_reduction", "target_baht": 65000000.0, "actual_baht": 0.0, "progress_ratio": 0.0, "clusters_reporting": 0}, {"fiscal_year_be": 2558, "measure": "economic_expansion", "target_baht": 530000000.0, "actual_baht": 350.0, "progress_ratio": 6.60377358490566e-07, "clusters_reporting": 1}]}');
CREATE TABLE schema_version (
	version INTEGER NOT NULL
);
INSERT INTO "schema_version" VALUES(1);
CREATE INDEX file_event_by_file ON file_event (dataset, file_id);
CREATE INDEX file_event_by_path ON file_event (dataset, path);
CREATE INDEX rule_result_by_file ON rule_result (dataset, file_id);
COMMIT;
