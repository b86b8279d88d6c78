with versions as (
    select
        receipt_id,
        dataset,
        path,
        -- The folder below the dataset's own; none where the file lies in that one.
        nullif(
            regexp_replace(regexp_replace(path, '^[^/]*/', ''), '[^/]*$', ''), ''
        ) as folder
    from {{ ref('int_file_versions') }}
),

named as (
    {% for dataset in accounted_datasets() -%}
    select
        receipt_id,
        cluster_code,
        count(*) as row_count
    from {{ ref('int_' ~ dataset) }}
    group by receipt_id, cluster_code
    {{ 'union all' if not loop.last }}
    {% endfor -%}
),

by_rows as (
    select
        receipt_id,
        cluster_code,
        row_number() over (
            partition by receipt_id
            order by row_count desc, cluster_code asc
        ) as most_first
    from named
),

by_folder as (
    select
        versions.folder,
        named.cluster_code,
        row_number() over (
            partition by versions.folder
            order by sum(named.row_count) desc, named.cluster_code asc
        ) as most_first
    from named
    inner join versions
        on named.receipt_id = versions.receipt_id
    where versions.folder is not null
    group by versions.folder, named.cluster_code
),

file_clusters as (
    select
        versions.receipt_id,
        versions.dataset,
        versions.path,
        coalesce(by_rows.cluster_code, by_folder.cluster_code) as cluster_code,
        coalesce(versions.folder, by_rows.cluster_code) as sender
    from versions
    left join by_rows
        on
            versions.receipt_id = by_rows.receipt_id
            and by_rows.most_first = 1
    left join by_folder
        on
            versions.folder = by_folder.folder
            and by_folder.most_first = 1
)

select * from file_clusters
